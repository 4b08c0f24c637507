using Webhook.Resources.Nmstate;

namespace Webhook.Resources.Tests.Nmstate;

public sealed class IpSettingsTests
{
    [Theory]
    [InlineData("{enabled: true, dhcp: true}", "dhcp")]
    [InlineData("{dhcp: true}", "dhcp")]
    [InlineData("{dhcp: 'on', enabled: 'yes'}", "dhcp")]
    [InlineData("{enabled: false, dhcp: true}", "")]
    [InlineData("{enabled: 'no', dhcp: true}", "")]
    [InlineData("{enabled: true, dhcp: false}", "")]
    [InlineData("{dhcp: true, autoconf: true}", "dhcp autoconf")]
    [InlineData("{autoconf: true}", "autoconf")]
    [InlineData("'{{ capture.a.interfaces.0.ipv4 }}'", "")]
    [InlineData("7", "")]
    public void Dynamic_keys_count_unless_the_family_is_off(string yaml, string expected) =>
        Assert.Equal(expected, string.Join(' ', new IpSettings(States.Value(yaml), isIpv6: true).DynamicKeys().Select(static key => key.Path.Name)));

    [Fact]
    public void Autoconf_is_no_key_of_ipv4() => Assert.Empty(new IpSettings(States.Value("{autoconf: true}"), isIpv6: false).DynamicKeys());

    [Theory]
    [InlineData("null", false, null)]
    [InlineData("{}", false, null)]
    [InlineData("{enabled: false}", false, null)]
    [InlineData("{enabled: true}", false, "value.dhcp")]
    [InlineData("{address: [{ip: 10.0.0.1, prefix-length: 24}]}", false, "value.dhcp")]
    [InlineData("{address: [], dhcp: false}", false, null)]
    [InlineData("{enabled: true, dhcp: false}", false, null)]
    [InlineData("{enabled: true, dhcp: false}", true, "value.autoconf")]
    [InlineData("{enabled: true, dhcp: false, autoconf: false}", true, null)]
    [InlineData("{enabled: '{{ capture.a }}'}", false, "value.enabled")]
    [InlineData("{dhcp: '{{ capture.a }}'}", false, "value.dhcp")]
    [InlineData("'{{ capture.a }}'", false, "value")]
    [InlineData("[]", false, null)]
    public void What_is_left_out_or_a_template_is_undecided_only_where_it_matters(string yaml, bool isIpv6, string? expected) =>
        Assert.Equal(expected, new IpSettings(States.Value(yaml), isIpv6).Undecided?.Path.ToString());

    [Theory]
    [InlineData("{ip: 10.0.0.1, prefix-length: 24}", true, true, "10.0.0.1/24")]
    [InlineData("{ip: 10.0.0.1, prefix-length: '24'}", true, true, "10.0.0.1/24")]
    [InlineData("{ip: '2001:db8::1', prefix-length: 64}", true, true, "2001:db8::1/64")]
    [InlineData("{ip: 'fe80::1', prefix-length: 64}", false, false, "fe80::1/64")]
    [InlineData("{ip: 10.0.0.1, prefix-length: 24, valid-life-time: 300sec}", false, false, "10.0.0.1/24")]
    [InlineData("{ip: 10.0.0.1, prefix-length: 24, preferred-lft: forever}", true, true, "10.0.0.1/24")]
    [InlineData("{ip: '{{ capture.a.ip }}', prefix-length: 24}", true, false, "{{ capture.a.ip }}/24")]
    [InlineData("'{{ capture.a.address.0 }}'", true, false, null)]
    [InlineData("{ip: 10.0.0.1/24}", false, false, null)]
    [InlineData("{ip: ' 10.0.0.1'}", false, false, null)]
    [InlineData("{ip: 10.0.1}", false, false, null)]
    [InlineData("{ip: 010.0.0.1}", false, false, null)]
    [InlineData("{ip: 7}", false, false, null)]
    [InlineData("{}", false, false, null)]
    public void An_address_counts_where_nmstate_sets_it(string yaml, bool isSet, bool isLiteral, string? text)
    {
        var address = new NodeAddress(States.Value(yaml));
        Assert.Equal((isSet, isLiteral), (address.IsSet, address.IsLiteral));
        Assert.Equal(text ?? address.ToString(), address.ToString());
    }

    [Theory]
    [InlineData("{enabled: false}", true)]
    [InlineData("{address: []}", true)]
    [InlineData("{enabled: true}", false)]
    [InlineData("{}", false)]
    [InlineData("null", false)]
    public void Only_an_explicit_word_proves_that_there_is_no_address(string yaml, bool expected) =>
        Assert.Equal(expected, new IpSettings(States.Value(yaml), isIpv6: false).IsProvenWithoutAddress);
}
