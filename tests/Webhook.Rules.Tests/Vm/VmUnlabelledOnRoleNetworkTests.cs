using Webhook.Resources;

namespace Webhook.Rules.Tests.Vm;

public sealed class VmUnlabelledOnRoleNetworkTests
{
    private const string Rule = "vm-unlabelled-on-role-network";

    private const string Labelled = "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}}";

    private static readonly string Unlabelled = GuestMachine.With(roles: "").Replace("labels: {infoscale.internal/cluster: erp}", "labels: {}", StringComparison.Ordinal);

    private static readonly RuleContext Context = new() { Now = Catalog.Now, Cluster = Catalog.Given(Labelled) };

    [Fact]
    public void A_network_with_a_role_label_is_enough() =>
        Assert.Equal("Warning metadata.labels[infoscale.internal/cluster]", GuestMachine.Judge(Rule, Unlabelled, Context));

    [Fact]
    public void A_network_without_role_or_one_that_was_not_seen_is_not()
    {
        Assert.Equal("", GuestMachine.Judge(Rule, Unlabelled));
        Assert.Equal("", GuestMachine.Judge(Rule, Unlabelled, Context with { Cluster = Catalog.Given(Labelled.Replace("role: llt", "role: other", StringComparison.Ordinal)) }));
    }

    [Fact]
    public void An_unplugged_NIC_is_on_no_network() =>
        Assert.Equal("", GuestMachine.Judge(Rule, Unlabelled.Replace("name: llt1, bridge", "name: llt1, state: absent, bridge", StringComparison.Ordinal), Context));

    [Fact]
    public void A_label_that_is_taken_away_and_an_assumed_role_are_told_elsewhere()
    {
        Assert.Equal("", GuestMachine.Judge(Rule, Unlabelled, Context with { Operation = Operation.Update, Old = Catalog.Parse(GuestMachine.With()) }));
        Assert.Equal("", GuestMachine.Judge(Rule, Unlabelled, Context with { AssumedRole = NetworkRole.Llt }));
    }
}
