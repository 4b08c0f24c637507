namespace Webhook.Rules.Tests.Vm;

public sealed class VmRoleNicHasGatewayTests
{
    [Theory]
    [InlineData("gateway4: 172.30.1.1", "Warning llt1 route")]
    [InlineData("gateway6: 'fd00::1'", "Warning llt1 route")]
    [InlineData("routes: [{to: default, via: 172.30.1.1}]", "Warning llt1 route")]
    [InlineData("routes: [{to: 0.0.0.0/0, via: 172.30.1.1}]", "Warning llt1 route")]
    [InlineData("routes: [{to: 10.0.0.0/8, via: 172.30.1.1}]", "")]
    [InlineData("nameservers: {addresses: [10.0.0.2]}", "Warning llt1 dns")]
    [InlineData("nameservers: {search: [example.com]}", "")]
    public void A_default_route_or_name_server_is_told(string entry, string expected)
    {
        string ethernets = $"x: {{match: {{macaddress: '02:50:00:0e:01:11'}}, {entry}}}";
        Assert.Equal(expected, GuestMachine.Judge("vm-role-nic-has-gateway", GuestMachine.With(ethernets)));
        Assert.Equal("", GuestMachine.Judge("vm-role-nic-has-gateway", GuestMachine.With(ethernets, "llt1=llt-lowpri")));
        Assert.Equal("", GuestMachine.Judge("vm-role-nic-has-gateway", GuestMachine.With(ethernets, "")));
    }

    [Fact]
    public void Global_name_servers_and_routes_are_none() =>
        Assert.Equal("", GuestMachine.Judge("vm-role-nic-has-gateway", GuestMachine.WithVolumes(GuestMachine.Volume(
            "{version: 1, config: [{type: physical, name: a, mac_address: '02:50:00:0e:01:11', subnets: [{type: static, address: 172.30.1.11/24}]}, " +
            "{type: nameserver, address: 10.0.0.2}, {type: route, destination: 0.0.0.0/0, gateway: 172.30.1.1}]}"))));
}
