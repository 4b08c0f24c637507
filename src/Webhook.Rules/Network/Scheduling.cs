using System.Globalization;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Network;

/// <summary>
/// Where a virtual machine can run, as far as its spec decides: node selector, required node affinity, and the taints it does not tolerate
/// (kubernetes/component-helpers scheduling/corev1/nodeaffinity, kubernetes/api core/v1/toleration.go).
/// </summary>
public static class Scheduling
{
    // Marks of a passing condition, which is no property of the node; cordoning is among them.
    private const string Condition = "node.kubernetes.io/";

    /// <summary>Whether a Node can host a machine. A cordoned Node counts, and so does one whose condition keeps pods away for a while.</summary>
    public static bool CanHost(Node node, VirtualMachine machine)
    {
        Field spec = machine.InstanceSpec;
        foreach (Field label in spec["nodeSelector"].Members())
        {
            if (label.Text is string value && node.Label(label.Name!).Text != value)
            {
                return false;
            }
        }

        return MatchesAffinity(spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"], node)
            && ToleratesTaints(spec["tolerations"], node);
    }

    // One term suffices; within a term all expressions count. An empty term matches nothing.
    private static bool MatchesAffinity(Field terms, Node node)
    {
        if (!terms.IsList)
        {
            return true;
        }

        foreach (Field term in terms.Items())
        {
            if ((term["matchExpressions"].Count > 0 || term["matchFields"].Count > 0) && MatchesTerm(term, node))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MatchesTerm(Field term, Node node)
    {
        foreach (Field expression in term["matchExpressions"].Items())
        {
            if (!Matches(expression, node.Label(expression["key"].Text ?? "").Text))
            {
                return false;
            }
        }

        foreach (Field field in term["matchFields"].Items())
        {
            if (!Matches(field, field["key"].Is("metadata.name") ? node.Name : null))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Matches(Field expression, string? value) => expression["operator"].Text switch
    {
        "In" => value is not null && Lists(expression["values"], value),
        "NotIn" => value is null || !Lists(expression["values"], value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => Compare(expression, value) > 0,
        "Lt" => Compare(expression, value) < 0,
        _ => true,
    };

    private static int Compare(Field expression, string? value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long own)
        && long.TryParse(expression["values"][0].Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit)
            ? own.CompareTo(limit)
            : 0;

    private static bool Lists(Field values, string value)
    {
        foreach (Field item in values.Items())
        {
            if (item.Text == value)
            {
                return true;
            }
        }

        return false;
    }

    private static bool ToleratesTaints(Field tolerations, Node node)
    {
        foreach (Field taint in node.Taints.Items())
        {
            bool isLasting = taint["effect"].Text is "NoSchedule" or "NoExecute" && taint["key"].Text?.StartsWith(Condition, StringComparison.Ordinal) != true;
            if (isLasting && !Tolerates(tolerations, taint))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Tolerates(Field tolerations, Field taint)
    {
        foreach (Field toleration in tolerations.Items())
        {
            bool exists = toleration["operator"].Is("Exists");
            if ((toleration["effect"].Text is null or "" || toleration["effect"].Text == taint["effect"].Text)
                && (toleration["key"].Text is null or "" ? exists : toleration["key"].Text == taint["key"].Text)
                && (exists || (toleration["value"].Text ?? "") == (taint["value"].Text ?? "")))
            {
                return true;
            }
        }

        return false;
    }
}
