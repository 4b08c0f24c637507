using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests.Enforcement;

public sealed class RatchetTests
{
    private const string TooSmall = "nad-mtu-not-jumbo";

    [Theory]
    [InlineData(1500, 1500, Severity.Warning)] // as before
    [InlineData(1500, 4000, Severity.Warning)] // nearer to the limit
    [InlineData(4000, 1500, Severity.Error)] // further from it
    [InlineData(8990, 1500, Severity.Error)] // newly wrong
    public void An_old_finding_only_warns_and_a_new_one_denies(int before, int after, Severity severity)
    {
        Finding finding = Assert.Single(Judge(Network(before, vlan: 1), Network(after, vlan: 2)).Findings, static finding => finding.Rule == TooSmall);
        Assert.Equal(severity, finding.Severity);
        Assert.Equal(severity == Severity.Warning, finding.IsOld);
    }

    [Fact]
    public void A_finding_beside_an_old_one_denies_and_comes_first()
    {
        Judgement judgement = Judge(Network(1500, vlan: 1), Network(1500, vlan: 1, ipam: "dhcp"));
        Assert.Equal(("nad-dynamic-ipam", Severity.Error), (judgement.Findings[0].Rule, judgement.Findings[0].Severity));
        Assert.Equal(Severity.Warning, Assert.Single(judgement.Findings, static finding => finding.Rule == TooSmall).Severity);
    }

    [Fact]
    public void An_object_that_only_now_gets_the_label_is_judged_in_full() =>
        Assert.Equal(Severity.Error, Judge(Network(1500, vlan: 1, labels: "{}"), Network(1500, vlan: 1)).Findings[0].Severity);

    [Fact]
    public void A_finding_that_the_old_object_had_as_a_warning_denies_when_its_role_makes_it_an_error()
    {
        string lowpri = Network(1500, vlan: 1, labels: "{infoscale.internal/role: llt-lowpri}");
        Assert.Equal(Severity.Error, Judge(lowpri, Network(1500, vlan: 1)).Findings[0].Severity);
    }

    [Fact]
    public void What_a_rule_says_about_the_change_itself_is_never_old()
    {
        Judgement judgement = Judge(Machine("{infoscale.internal/cluster: erp}"), Machine("{}"));
        Assert.Equal(Severity.Error, Assert.Single(judgement.Findings, static finding => finding.Rule == "vm-label-removed").Severity);
    }

    [Theory]
    [InlineData("metadata.annotations.note", false)]
    [InlineData("metadata.labels.app", false)]
    [InlineData("metadata.finalizers", false)]
    [InlineData("status", false)]
    [InlineData("metadata.annotations.infoscale.internal/exempt", true)]
    [InlineData("metadata.labels.infoscale.internal/role", true)]
    [InlineData("spec", true)]
    public void An_update_that_touches_nothing_of_ours_is_not_judged(string change, bool judged)
    {
        string before = Network(1500, vlan: 1);
        string after = change switch
        {
            "metadata.annotations.note" => before.Replace("metadata:", "metadata:\n  annotations: {note: new}", StringComparison.Ordinal),
            "metadata.labels.app" => Network(1500, vlan: 1, labels: "{infoscale.internal/role: llt, app: new}"),
            "metadata.finalizers" => before.Replace("metadata:", "metadata:\n  finalizers: [example.org/a]", StringComparison.Ordinal),
            "status" => before + "status: {phase: new}\n",
            "metadata.annotations.infoscale.internal/exempt" => before.Replace(
                "metadata:", "metadata:\n  annotations: {infoscale.internal/exempt: nad-dynamic-ipam}", StringComparison.Ordinal),
            "metadata.labels.infoscale.internal/role" => Network(1500, vlan: 1, labels: "{infoscale.internal/role: iscsi}"),
            _ => Network(1500, vlan: 2),
        };
        Assert.Equal(judged, Judge(before, after).NotJudged is null);
        Assert.Equal(judged, Judge(after, before).NotJudged is null);
    }

    [Fact]
    public void An_object_that_is_being_deleted_is_not_judged()
    {
        string dying = Network(1500, vlan: 2).Replace(
            "metadata:", "metadata:\n  deletionTimestamp: 2026-06-15T12:00:00Z", StringComparison.Ordinal);
        Assert.Equal("being deleted", Judge(Network(8990, vlan: 1), dying).NotJudged);
    }

    private static Judgement Judge(string before, string after)
    {
        var context = new RuleContext { Operation = Operation.Update, Old = View(before), Now = DateTimeOffset.UnixEpoch };
        return Webhook.Enforcement.Judge.Evaluate(View(after), context, EnforcementSettings.Default);
    }

    private static KubernetesObject View(string yaml) => ResourceKinds.View(Assert.Single(ManifestReader.Read(yaml)).Root)!;

    private static string Network(int mtu, int vlan, string labels = "{infoscale.internal/role: llt}", string? ipam = null)
    {
        string ending = ipam is null ? "" : $", \"ipam\": {{\"type\": \"{ipam}\"}}";
        return $$$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata:
          name: llt1
          namespace: erp-db
          labels: {{{labels}}}
        spec:
          config: |
            {"cniVersion": "0.4.0", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": {{{mtu}}}, "vlan": {{{vlan}}}{{{ending}}}}

        """;
    }

    private static string Machine(string labels) =>
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: a, namespace: b, labels: LABELS}
        spec:
          template:
            spec:
              domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}
              networks: [{name: llt1, multus: {networkName: llt1}}]
        """.Replace("LABELS", labels, StringComparison.Ordinal);
}
