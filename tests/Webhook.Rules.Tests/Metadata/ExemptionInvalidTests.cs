using System.Text.Json;
using Webhook.Rules.Tests.Nad;

namespace Webhook.Rules.Tests.Metadata;

public sealed class ExemptionInvalidTests
{
    private const string Ids = "metadata.annotations[infoscale.internal/exempt]";
    private const string Why = "metadata.annotations[infoscale.internal/exempt-reason]";
    private const string End = "metadata.annotations[infoscale.internal/exempt-until]";

    // The review is at noon UTC of 2026-06-15; 90 days later is noon of 2026-09-13.
    [Theory]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-06-30", "")]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-06-15", "")]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-06-14", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-06-15T12:00:01Z", "")]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-06-15T12:00:00Z", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-06-15T13:30:00+02:00", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-06-15T14:30:00.5+02:00", "")]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-06-16T00:00:00", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-09-13", "")]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-09-14", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-09-13T12:00:00Z", "")]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "2026-09-13T12:00:01Z", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "9999-12-31", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "0001-01-01", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "30.06.2026", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", "", "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", "ten chars.", null, "Warning " + End)]
    [InlineData("nad-mtu-not-jumbo", " nine ch.  ", "2026-06-30", "Warning " + Why)]
    [InlineData("nad-mtu-not-jumbo", null, "2026-06-30", "Warning " + Why)]
    [InlineData("nad-mtu-not-jumbo , nad-dynamic-ipam,", "ten chars.", "2026-06-30", "")]
    [InlineData("nad-mtu, nad-dynamic-ipam", "ten chars.", "2026-06-30", "Warning " + Ids)]
    [InlineData("NAD-MTU-NOT-JUMBO", "ten chars.", "2026-06-30", "Warning " + Ids)]
    [InlineData(" , ", "ten chars.", "2026-06-30", "Warning " + Ids)]
    [InlineData(null, "ten chars.", null, "Warning " + Ids + "; Warning " + End)]
    [InlineData(null, null, null, "")]
    public void An_exemption_needs_known_rules_a_reason_and_an_end_within_the_horizon(string? ids, string? reason, string? until, string expected)
    {
        string annotations = JsonSerializer.Serialize(new Dictionary<string, string?>
        {
            ["infoscale.internal/exempt"] = ids,
            ["infoscale.internal/exempt-reason"] = reason,
            ["infoscale.internal/exempt-until"] = until,
        });
        string manifest = Networks.Attachment("""{"type": "bridge"}""")
            .Replace("\"labels\"", $"\"annotations\": {annotations}, \"labels\"", StringComparison.Ordinal);
        Assert.Equal(expected, Networks.Say("exemption-invalid", manifest));
        bool counts = Exemption.Of(Catalog.Parse(manifest))?.IsValid(new RuleContext { Now = Catalog.Now }) == true;
        Assert.Equal(expected.Length == 0 && ids is not null || ids == "nad-mtu, nad-dynamic-ipam" || ids == "NAD-MTU-NOT-JUMBO", counts);
    }
}
