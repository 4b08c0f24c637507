using Webhook.Resources.Manifests;

namespace Webhook.Resources.Tests.Manifests;

public sealed class SecretLinesTests
{
    [Theory]
    [InlineData("a:\n  userData: |\n    #cloud-config\n\n    password: s3cr3t\n  networkData: |\n    version: 2", "01111 00", "  userData: ***")]
    [InlineData("userDataBase64: s3cr3t\nb: 1", "10", "userDataBase64: ***")]
    [InlineData("- {name: x, cloudInitNoCloud: {userData: \"s3cr3t\", networkData: \"mtu\"}}\n- {name: y}", "10", "- {name: x, cloudInitNoCloud: {userData: ***, networkData: \"mtu\"}}")]
    [InlineData("- {name: x, cloudInitNoCloud: {userData: \"s3cr3t\n  s3cr3t\", networkData: x}}\n- {name: y}", "110", "- {name: x, cloudInitNoCloud: {userData: ***")]
    [InlineData("{\"userData\":\"s3\\\"cr3t\",\"password\":'s3cr3t',\"mtu\":1}", "1", "{\"userData\": ***,\"password\": ***,\"mtu\":1}")]
    [InlineData("config: '{\"token\": \"s3cr3t\", \"mtu\": 1}'", "1", "config: '{\"token\": ***, \"mtu\": 1}'")]
    [InlineData("a: \"{\\\"password\\\":\\\"s3cr3t\\\"}\"\nb: 1", "10", "a: \"{\\\"password\\\": ***")]
    [InlineData("source:\n  extraHeaders:\n  - s3cr3t\n  - s3cr3t\n  url: x", "01110", "")]
    [InlineData("- password: >-\n    s3cr3t\n  mtu: 1\n- mtu: 2", "1100", "- password: ***")]
    [InlineData("kind: Secret\ndata:\n  a: s3cr3t\nstringData: {b: s3cr3t}\n---\nkind: ConfigMap\ndata:\n  a: b", "01110000", "")]
    [InlineData("x: &ci |\n  #!/bin/sh\n  s3cr3t\ny: 1", "0110", "")]
    [InlineData("metadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {\"s3cr3t\"}\n  name: a", "00110", "")]
    [InlineData("userData: 's3cr3t\n  ]\n\ts3cr3t", "111", "userData: ***")]
    [InlineData("userData: |\r\n  s3cr3t\r\nb: 1\r\n", "110", "userData: ***")]
    [InlineData("ethernets:\n  data: {mtu: 1500}\nsecretRef: {name: a}\nsecretName: b", "0000", "")]
    public void What_may_be_secret_is_told_by_its_looks_and_the_rest_stays(string text, string expected, string first)
    {
        string[] lines = text.Split('\n');
        IReadOnlyList<string?> masked = SecretLines.Masked(text.EndsWith('\n') ? lines[..^1] : lines);
        Assert.Equal(expected.Replace(' ', '0'), string.Concat(masked.Select(static line => line is null ? '0' : '1')).PadRight(expected.Length, '0'));
        Assert.DoesNotContain(masked, static line => line?.Contains("cr3t", StringComparison.Ordinal) == true);
        string? shown = masked.FirstOrDefault(static line => line is not null);
        Assert.True(first.Length == 0 || shown == first, shown);
    }
}
