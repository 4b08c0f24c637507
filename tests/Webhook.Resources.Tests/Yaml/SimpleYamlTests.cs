using Webhook.Resources.Json;
using Webhook.Resources.Yaml;

namespace Webhook.Resources.Tests.Yaml;

/// <summary>What the short way reads, the library reads alike; what it refuses, the library decides.</summary>
public sealed class SimpleYamlTests
{
    private const string NetworkData =
        """
        # an address each
        version: 2
        ethernets:
          llt1:
            match: {macaddress: "02:50:00:0e:01:11"}
            set-name: llt1
            mtu: 8990
            dhcp4: no
            addresses: [172.30.1.11/24, 'fd00::11/64', ]
            routes:
            - to: 10.0.0.0/8
              via: 172.30.1.1
            - to: 10.1.0.0/16
          empty:
        bonds:
            b0:
                interfaces: []
                parameters: {mode: active-backup, nested: {a: [1, {b: c}]}}
        """;

    [Fact]
    public void Network_data_as_people_write_it_goes_the_short_way()
    {
        Assert.True(IsSimple(NetworkData));
        AssertAlike(NetworkData);
    }

    [Theory]
    [InlineData("a: &x 1")]
    [InlineData("a: *x")]
    [InlineData("a: !!str 1")]
    [InlineData("a: |\n  x")]
    [InlineData("a: >-\n  x")]
    [InlineData("a: x # comment")]
    [InlineData("a: x\n  y")]
    [InlineData("a: \"x\\n\"")]
    [InlineData("a: 'it''s'")]
    [InlineData("a: \"x")]
    [InlineData("a: [1,\n 2]")]
    [InlineData("a: [1")]
    [InlineData("a:\tx")]
    [InlineData("a: x\r\nb: y")]
    [InlineData("a: b: c")]
    [InlineData("a: x:")]
    [InlineData("a:b")]
    [InlineData("? a\n: b")]
    [InlineData("<<: x")]
    [InlineData("'a': b")]
    [InlineData("{a: 1}")]
    [InlineData("- - a")]
    [InlineData("-\n  a")]
    [InlineData("---\na: b")]
    [InlineData("a: b\n...")]
    [InlineData("a: b\n c: d")]
    [InlineData("  a: b\nc: d")]
    [InlineData("a:\n  b: c\n d: e")]
    [InlineData("- a\nb: c")]
    [InlineData("a: ~")]
    [InlineData("a: ::1")]
    [InlineData("a: {b:c}")]
    [InlineData("a: é")]
    [InlineData("a: \"x\u0001y\"")]
    [InlineData("a: 'x\u0085y'")]
    [InlineData("# comment\na: 'x\u0085y'")]
    [InlineData("a: \"x # y\"")]
    [InlineData("")]
    [InlineData("plain")]
    public void What_is_not_simple_is_left_to_the_library(string yaml)
    {
        Assert.False(IsSimple(yaml));
        AssertAlike(yaml);
    }

    [Theory]
    [InlineData("a: 1\nb:\n- x\n- y\nc: z")]
    [InlineData("a:\n  - b: 1\n    c: 2\n  -   d: 3\n      e: 4")]
    [InlineData("a:\n\n  # comment\n  b: 'x y'\n\nc:")]
    [InlineData("- a: [x, y]\n- b")]
    [InlineData("a: 02:50:00:0e:01:11")]
    [InlineData("a: {b: 02:50:00:0e:01:11, c: -5, d: [[], {}]}")]
    [InlineData("a: 1_000\nb: 0x1F\nc: 1.5\nd: on\ne: 12e03\nf: 017\ng: 1.2.3.4\nh: 99999999999999999999")]
    [InlineData("a: \"yes\"\nb: 'null'\nc: null\nd: y")]
    public void What_is_simple_is_read_as_the_library_reads_it(string yaml)
    {
        Assert.True(IsSimple(yaml));
        AssertAlike(yaml);
    }

    [Theory]
    [InlineData("{0}: 1")]
    [InlineData("a:\n- {0}: 1")]
    [InlineData("a: {{{0}: 1}}")]
    public void A_key_that_is_too_long_for_YAML_is_left_to_the_library(string yaml)
    {
        Assert.True(IsSimple(string.Format(null, yaml, new string('k', 1000))));
        Assert.False(IsSimple(string.Format(null, yaml, new string('k', 1025))));
        AssertAlike(string.Format(null, yaml, new string('k', 1025)));
    }

    private static bool IsSimple(string yaml) => SimpleYaml.TryWrite(yaml, new FieldWriter());

    private static void AssertAlike(string yaml)
    {
        bool read = YamlText.TryParse(yaml, out YamlDocument? document, out DocumentError? error);
        Assert.Equal(YamlText.TryParseFully(yaml, out YamlDocument? full, out DocumentError? fullError), read);
        Assert.Equal(full?.Value.Json, document?.Value.Json);
        Assert.Equal(fullError, error);
    }
}
