namespace Webhook.Rules.Tests.Vm;

public sealed class VmNetworkDataMalformedTests
{
    private const string Path = "spec.template.spec.volumes[0].cloudInitNoCloud.networkData";

    [Theory]
    [InlineData("version: 2", "")]
    [InlineData("network: {config: disabled}", "")]
    [InlineData("{version: 2, ethernets: {llt1: {addresses: [172.30.1.11/24, nothing]}}}", Path + "#/ethernets/llt1/addresses/1: Invalid value: 'nothing': must be an IP address with a prefix length")]
    [InlineData("{version: 2, ethernets: {llt1: }}", Path + "#/ethernets/llt1: Required value: must be a map")]
    [InlineData("{version: 3}", Path + "#/version: Invalid value: 3: must be the number 1 or 2")]
    [InlineData("secret password: [", Path + ": Invalid value: network data: not valid YAML (line 2, column 1)")]
    [InlineData("secret password", Path + ": Invalid value: network data: must be a map of versioned settings")]
    public void The_place_and_what_is_needed_are_told(string data, string expected) =>
        Assert.Equal(expected, Messages(GuestMachine.Volume(data)));

    [Fact]
    public void The_text_as_a_whole_is_never_shown()
    {
        const string Secret = "hunter2";
        foreach (string data in new[] { $"a: [{Secret}", $"{Secret}: *{Secret}", $"{{version: 2, {Secret}", "\\t" + Secret })
        {
            string found = Messages(GuestMachine.Volume(data));
            Assert.NotEqual("", found);
            Assert.DoesNotContain(Secret, found, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{version: 2, ethernets: {a: {addresses: [10.0.0.1/24]}}}")]
    [InlineData("{'version': 2, 'ethernets': {}}")]
    public void A_config_drive_with_the_format_of_NoCloud_is_told(string data) =>
        Assert.Contains("cloudInitConfigDrive takes OpenStack's network_data.json", Messages(GuestMachine.Volume(data.Replace('\'', '"'), "cloudInitConfigDrive")), StringComparison.Ordinal);

    [Theory]
    [InlineData("{version: 2, ethernets: {llt1: {dhcp4: true, addresses: [x], match: {macaddress: '02:50:00:0e:09:99'}}}}")]
    [InlineData("{version: 1, config: [{type: nothing}]}")]
    [InlineData("version: [")]
    public void Malformed_network_data_is_the_one_finding(string data)
    {
        Evaluation evaluation = Evaluator.Evaluate(Catalog.Parse(GuestMachine.WithVolumes(GuestMachine.Volume(data))), new RuleContext { Now = Catalog.Now });
        IEnumerable<string> network = evaluation.Findings.Select(static finding => finding.Rule).Where(static rule =>
            rule is "vm-network-data-malformed" or "vm-dynamic-address" or "vm-static-address-missing" or "vm-network-data-mac-mismatch"
                or "vm-address-duplicate" or "vm-mtu-not-jumbo");
        Assert.Equal(["vm-network-data-malformed"], network);
    }

    private static string Messages(string volumes) =>
        string.Join('\n', Catalog.Findings("vm-network-data-malformed", GuestMachine.WithVolumes(volumes)).Select(static finding => finding.Message.Replace('"', '\'')));
}
