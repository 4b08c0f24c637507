namespace Webhook.Rules.Tests.Vm;

public sealed class VmRoleNicOnPodNetworkTests
{
    private const string Rule = "vm-role-nic-on-pod-network";

    [Theory]
    [InlineData("pod=llt", "Error pod")]
    [InlineData("pod=iscsi", "Error pod")]
    [InlineData("pod=llt-lowpri", "Warning pod")]
    [InlineData("pod=none", "")]
    [InlineData("", "")]
    public void A_role_on_the_pod_network_is_wrong(string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(roles: roles)));

    [Theory]
    [InlineData("bridge: {}", "")]
    [InlineData("sriov: {}", "")]
    [InlineData("binding: {name: l2bridge}", "")]
    [InlineData("binding: {name: passt}", "Error llt1")]
    [InlineData("passtBinding: {}", "Error llt1")]
    [InlineData("slirp: {}", "Error llt1")]
    [InlineData("masquerade: {}", "Error llt1")]
    public void So_is_a_binding_that_hands_out_addresses(string binding, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(
            interfaces: GuestMachine.Interfaces.Replace("name: llt1, bridge: {}", "name: llt1, " + binding, StringComparison.Ordinal))));
}
