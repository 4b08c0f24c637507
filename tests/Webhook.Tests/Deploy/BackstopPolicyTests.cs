using System.Text.RegularExpressions;
using Webhook.Resources;
using Webhook.Rules;
using Webhook.Rules.Nncp;

namespace Webhook.Tests.Deploy;

/// <summary>
/// The ValidatingAdmissionPolicy of deploy/components/backstop-policy is made here, from the rules whose part CEL can express: ids, words and
/// sizes cannot differ from theirs. That it denies nothing that the rules accept is shown by the end-to-end tests on an API server that has it.
/// </summary>
public sealed partial class BackstopPolicyTests
{
    /// <summary>The policy and its binding.</summary>
    internal const string Manifest = "deploy/components/backstop-policy/67-backstop-policy.yaml";

    /// <summary>The rules of which it has a part.</summary>
    internal static readonly Rule[] Rules = [new NncpDynamicAddress(), new NncpMtuNotJumbo()];

    // Entries that can carry a role by their label alone. Where the type is not one of these, or a template, the webhook knows more.
    private const string IsJudged = "type(i) == map && has(i.name) && has(i.type) && (!has(i.state) || i.state == \"up\") && !has(i.patch)";

    // What the old object has under the same name already is not blamed on an update.
    private const string AsBefore = "!variables.before.exists(o, type(o) == map && has(o.name) && o.name == i.name &&";

    private static readonly string Dynamic = Family("ipv4", "dhcp") + " ||\n" + Family("ipv6", "dhcp") + " ||\n" + Family("ipv6", "autoconf");

    [Fact]
    public void The_policy_is_made_of_the_rules()
    {
        string mtu = "!has(i.mtu) ? i.type != \"ovs-interface\" : (type(i.mtu) == int && i.mtu > 0 && i.mtu < variables.jumbo)";
        string text = $$"""
            # What the API server itself can tell of a NodeNetworkConfigurationPolicy, for when no replica of the webhook answers: it never waits for
            # these policies (failurePolicy Ignore in deploy/base/60-webhook-configuration.yaml), so that in an outage DHCP or 1500 would go through.
            #
            # It denies less than the webhook, never more: only what one policy says literally of interfaces whose role is its label. An exemption on the
            # object counts without its end, because CEL has no clock. It cannot see the webhook's configuration: where that makes one of its rules milder,
            # by rules, modes, exemptions, mode or a smaller mtu.node, take the rule out here, bind with Warn or Audit, or set the variable jumbo.
            # It answers before the webhook does, and stops at what it knows: infoscale-webhook check shows all findings.
            #
            # Needs Kubernetes 1.30. Made by BackstopPolicyTests from the rules, not to be edited: {{Golden.Command}}
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata:
              name: infoscale-webhook-backstop
              labels:
                app.kubernetes.io/name: infoscale-webhook
            spec:
              # An expression that fails on a shape that nobody foresaw denies nothing.
              failurePolicy: Ignore
              matchConstraints:
                matchPolicy: Equivalent
                resourceRules:
                - apiGroups: [nmstate.io]
                  apiVersions: [v1, v1beta1, v1alpha1]
                  resources: [nodenetworkconfigurationpolicies]
                  operations: [CREATE, UPDATE]
                  scope: Cluster
                objectSelector:
                  matchExpressions:
                  - {key: {{InfoScaleMetadata.Role}}, operator: Exists}
              matchConditions:
              - name: its-label-says-what-all-interfaces-carry
                expression: >-
                  has(object.metadata.labels) && "{{InfoScaleMetadata.Role}}" in object.metadata.labels &&
                  object.metadata.labels["{{InfoScaleMetadata.Role}}"] in ["{{NetworkRole.Llt.Word()}}", "{{NetworkRole.LltLowpri.Word()}}", "{{NetworkRole.Iscsi.Word()}}"] &&
                  !(has(object.metadata.annotations) && "{{InfoScaleMetadata.InterfaceRoles}}" in object.metadata.annotations)
              - name: nobody-else-answers-for-it
                expression: >-
                  !has(object.metadata.deletionTimestamp) &&
                  !(has(object.metadata.ownerReferences) && object.metadata.ownerReferences.exists(o, has(o.controller) && o.controller))
              - name: it-lists-interfaces
                expression: >-
                  has(object.spec.desiredState) && type(object.spec.desiredState) == map && has(object.spec.desiredState.interfaces) &&
                  type(object.spec.desiredState.interfaces) == list
              variables:
              # The least MTU that counts as jumbo: mtu.node of the webhook's configuration.
              - name: jumbo
                expression: "{{RuleSettings.Default.NodeMtu}}"
              - name: role
                expression: object.metadata.labels["{{InfoScaleMetadata.Role}}"]
              - name: exempt
                expression: >-
                  has(object.metadata.annotations) && "{{InfoScaleMetadata.Exempt}}" in object.metadata.annotations ?
                  object.metadata.annotations["{{InfoScaleMetadata.Exempt}}"] : ""
              - name: interfaces
                expression: >-
                  object.spec.desiredState.interfaces.filter(i, {{IsJudged}} &&
                  i.type in ["ethernet", "bond", "vlan", "linux-bridge", "ovs-interface"])
              # The interfaces of the object that an update replaces, where it was judged already.
              - name: before
                expression: >-
                  oldObject != null && has(oldObject.metadata.labels) && "{{InfoScaleMetadata.Role}}" in oldObject.metadata.labels &&
                  has(oldObject.spec.desiredState) && type(oldObject.spec.desiredState) == map && has(oldObject.spec.desiredState.interfaces) &&
                  type(oldObject.spec.desiredState.interfaces) == list ? oldObject.spec.desiredState.interfaces : []
              # An uplink that the machine network shares may lease that network's address.
              - name: dynamic
                expression: >-
                  has(object.spec.desiredState.routes) || object.spec.desiredState.interfaces.exists(i, type(i) == map && has(i.name) && i.name == "br-ex") ? [] :
                  variables.interfaces.filter(i,
                  ({{Indented(Dynamic)}}) &&
                  {{AsBefore}}
                  ((has(o.ipv4) && (type(o.ipv4) != map || (has(o.ipv4.dhcp) && o.ipv4.dhcp != false))) ||
                  (has(o.ipv6) && (type(o.ipv6) != map || (has(o.ipv6.dhcp) && o.ipv6.dhcp != false) || (has(o.ipv6.autoconf) && o.ipv6.autoconf != false))))))
              - name: small
                expression: >-
                  variables.role != "{{NetworkRole.Llt.Word()}}" ? [] : variables.interfaces.filter(i,
                  ({{mtu}}) &&
                  {{AsBefore}}
                  !(has(o.mtu) && type(o.mtu) == int && o.mtu >= variables.jumbo)))
              validations:
            {{Validation(Rules[0], "dynamic")}}
            {{Validation(Rules[1], "small")}}
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata:
              name: infoscale-webhook-backstop
              labels:
                app.kubernetes.io/name: infoscale-webhook
            spec:
              policyName: infoscale-webhook-backstop
              validationActions: [Deny]

            """;
        Golden.Holds(Manifest, text);
    }

    private static string Family(string family, string key) =>
        $"(has(i.{family}) && type(i.{family}) == map && has(i.{family}.{key}) && i.{family}.{key} == true && (!has(i.{family}.enabled) || i.{family}.enabled == true))";

    private static string Indented(string expression) => expression.Replace("\n", "\n      ", StringComparison.Ordinal);

    private static string Validation(Rule rule, string variable)
    {
        RuleInfo info = rule.Info;
        Assert.Equal(Severity.Error, info.Severity);
        string words = $"{info.Title}. {info.Remedy} [{info.Id}]";
        Assert.DoesNotMatch(Unquoted(), words);
        return $$"""
              - expression: variables.exempt.contains("{{info.Id}}") || size(variables.{{variable}}) == 0
                reason: Invalid
                messageExpression: '"interface " + variables.{{variable}}.map(i, string(i.name)).join(", ") + ": {{words}}"'
                message: "{{words}}"
            """;
    }

    [GeneratedRegex("[\"'\\\\\n]")]
    private static partial Regex Unquoted();
}
