using Webhook.Resources.Json;

namespace Webhook.Rules.Vm;

/// <summary>
/// Whether a Kubernetes label selector selects objects (kubernetes/apimachinery pkg/apis/meta/v1/helpers.go, <c>LabelSelectorAsSelector</c>).
/// </summary>
internal static class LabelSelector
{
    /// <summary>Whether it selects an object of which all labels are known.</summary>
    /// <param name="selector">The selector; absent selects nothing, empty selects everything.</param>
    /// <param name="labels">The labels of the object.</param>
    public static bool Selects(Field selector, Field labels)
    {
        foreach (Field label in selector["matchLabels"].Members())
        {
            if (label.Text is null || labels[label.Name!].Text != label.Text)
            {
                return false;
            }
        }

        foreach (Field expression in selector["matchExpressions"].Items())
        {
            if (!Holds(expression, labels[expression["key"].Text ?? ""].Text))
            {
                return false;
            }
        }

        return selector.IsMap;
    }

    /// <summary>Whether it selects objects of which one label is known: null where other labels decide.</summary>
    /// <param name="selector">The selector; absent selects nothing, empty selects everything.</param>
    /// <param name="key">The key of the label that every object has.</param>
    /// <param name="value">Its value.</param>
    public static bool? Selects(Field selector, string key, string value)
    {
        if (!selector.IsMap)
        {
            return false;
        }

        bool? selects = true;
        foreach (Field label in selector["matchLabels"].Members())
        {
            bool? holds = label.Name == key ? label.Text == value : null;
            if (holds == false)
            {
                return false;
            }

            selects = holds is null ? null : selects;
        }

        foreach (Field expression in selector["matchExpressions"].Items())
        {
            bool? holds = expression["key"].Text == key ? Holds(expression, value) : null;
            if (holds == false)
            {
                return false;
            }

            selects = holds is null ? null : selects;
        }

        return selects;
    }

    private static bool Holds(Field expression, string? value) => expression["operator"].Text switch
    {
        "In" => value is not null && Contains(expression["values"], value),
        "NotIn" => value is null || !Contains(expression["values"], value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };

    private static bool Contains(Field values, string value)
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
}
