namespace Webhook.Resources.Tests;

public sealed class InterfaceAddressTests
{
    [Theory]
    [InlineData("172.30.1.11/24", null, "172.30.1.11/24")]
    [InlineData("172.30.1.11/255.255.255.0", null, "172.30.1.11/24")]
    [InlineData("172.30.1.11", "255.255.0.0", "172.30.1.11/16")]
    [InlineData("172.30.1.11", "24", "172.30.1.11/24")]
    [InlineData("172.30.1.11/32", "255.255.0.0", "172.30.1.11/32")]
    [InlineData("172.30.1.11", null, "172.30.1.11")]
    [InlineData(" 172.30.1.11/0 ", null, "172.30.1.11/0")]
    [InlineData("FD00::0011/64", null, "fd00::11/64")]
    [InlineData("fd00::11/ffff:ffff::", null, "fd00::11/32")]
    [InlineData("172.30.1.11/33", null, null)]
    [InlineData("172.30.1.11/", null, null)]
    [InlineData("172.30.1.11/-1", null, null)]
    [InlineData("172.30.1.11", "255.0.255.0", null)]
    [InlineData("172.30.1", null, null)]
    [InlineData("172.30.1.011", null, null)]
    [InlineData("0x7f.0.0.1", null, null)]
    [InlineData("172.30.1.256", null, null)]
    [InlineData("2886598923", null, null)]
    [InlineData("fd00::11%eth0/64", null, null)]
    [InlineData("[fd00::11]/64", null, null)]
    [InlineData("fd00::11/129", null, null)]
    [InlineData("fd00::11", "255.255.255.0", null)]
    [InlineData("dhcp", null, null)]
    [InlineData("", null, null)]
    [InlineData(null, "24", null)]
    public void An_address_is_read_strictly_and_its_prefix_from_wherever_it_stands(string? text, string? netmask, string? expected) =>
        Assert.Equal(expected, InterfaceAddress.Parse(text, netmask)?.ToString());

    [Theory]
    [InlineData("172.30.1.11/24", "172.30.1.12/24", true)]
    [InlineData("172.30.1.11/24", "172.30.2.12/16", true)]
    [InlineData("172.30.1.11/25", "172.30.1.129/25", false)]
    [InlineData("172.30.1.11/24", "172.30.2.12/24", false)]
    [InlineData("fd00::1/64", "fd00::2/64", true)]
    [InlineData("fd00::1/64", "fd00:0:0:1::2/64", false)]
    [InlineData("172.30.1.11/0", "::1/0", false)]
    [InlineData("172.30.1.11", "172.30.1.12/24", false)]
    public void Two_addresses_share_a_subnet_by_the_shorter_prefix(string left, string right, bool shared)
    {
        InterfaceAddress first = InterfaceAddress.Parse(left)!.Value;
        InterfaceAddress second = InterfaceAddress.Parse(right)!.Value;
        Assert.Equal(shared, first.SharesSubnetWith(second));
        Assert.Equal(shared, second.SharesSubnetWith(first));
    }
}
