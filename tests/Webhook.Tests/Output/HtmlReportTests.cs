using System.Text.Json.Nodes;
using Webhook.Tests.Commands;

namespace Webhook.Tests.Output;

/// <summary>The page of the audit over the samples, in a real browser. Set WEBHOOK_PICTURES to a folder to look at what it shows.</summary>
public sealed class HtmlReportTests
{
    // What is wider than the page, unless a box of its own scrolls it.
    private const string Overflowing =
        """
        [...document.querySelectorAll('body *')].filter(e => !e.closest('.wide, svg') && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map(e => e.tagName + ' ' + e.textContent.slice(0, 60)).concat(
            document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['the page'] : [])
        """;

    // WCAG 2.2, 1.4.3: 4.5 to 1, 3 to 1 for large text.
    private const string Pale =
        """
        (() => {
          const light = c => { const [r, g, b] = c.match(/[\d.]+/g).map(Number).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 });
            return .2126 * r + .7152 * g + .0722 * b };
          const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\)$/.test(c)) return c } return 'rgb(255, 255, 255)' };
          return [...document.querySelectorAll('body *')].filter(e => !e.closest('svg') && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
            .map(e => { const a = light(getComputedStyle(e).color), b = light(ground(e)); return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e] })
            .filter(([ratio]) => ratio < 4.5).map(([ratio, e]) => ratio.toFixed(2) + ' ' + e.tagName + ' ' + e.textContent.slice(0, 40))
        })()
        """;

    private const string Exempt =
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata:
          name: llt-of-the-old-switch
          namespace: erp-db
          labels: {infoscale.internal/role: llt}
          annotations:
            infoscale.internal/exempt: nad-mtu-not-jumbo
            infoscale.internal/exempt-reason: the ports of the old switch change in June
            infoscale.internal/exempt-until: "2026-06-21"
        spec: {config: '{"cniVersion": "0.3.1", "name": "llt-old", "type": "bridge", "bridge": "br-llt-old"}'}
        """;

    private const string Headings = "[...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))";

    [Fact]
    public async Task In_a_browser_it_complains_of_nothing_asks_for_nothing_and_fits_every_screen()
    {
        Assert.SkipWhen(Browser.Program is null && Environment.GetEnvironmentVariable("CI") != "true", "no Chromium on this machine; .ci/run installs it");
        Assert.NotNull(Browser.Program);
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "audit.html");
        Run run = await Run.Of("audit", "-o", "html", Path.Combine(Golden.Checkout, "deploy", "samples"), folder.Write("exempt.yaml", Exempt));
        await File.WriteAllTextAsync(file, run.Output, TestContext.Current.CancellationToken);
        await using Browser browser = await Browser.StartAsync();
        foreach ((int width, bool isDark) in ((int, bool)[])[(360, false), (1280, false), (1280, true)])
        {
            await browser.OpenAsync(file, width, isDark);
            Assert.Empty(Strings(await browser.EvaluateAsync(Overflowing)));
            Assert.Empty(Strings(await browser.EvaluateAsync(Pale)));
            if (Environment.GetEnvironmentVariable("WEBHOOK_PICTURES") is { Length: > 0 } pictures)
            {
                foreach (string part in (string[])["summary", "paths", "findings", "exemptions"])
                {
                    JsonNode? top = await browser.EvaluateAsync($"document.getElementById('{part}')?.getBoundingClientRect().top + scrollY - 150");
                    await File.WriteAllBytesAsync(
                        Path.Combine(pictures, $"audit-{width}{(isDark ? "-dark" : "")}-{part}.png"),
                        await browser.PictureAsync(Math.Max(0, (double?)top ?? 0), width, 1400),
                        TestContext.Current.CancellationToken);
                }
            }

            Assert.Empty(browser.Complaints);
            Assert.All(browser.Requests, static request => Assert.StartsWith("file://", request, StringComparison.Ordinal));
        }

        int[] headings = [.. (await browser.EvaluateAsync(Headings))!.AsArray().Select(static level => (int)level!)];
        Assert.Single(headings, static level => level == 1);
        Assert.All(headings.Zip(headings.Skip(1)), static pair => Assert.True(pair.Second <= pair.First + 1, $"h{pair.First} is followed by h{pair.Second}"));
    }

    [Fact]
    public async Task It_holds_every_finding_and_nothing_that_loads_or_runs()
    {
        using var folder = new TemporaryFolder();
        string[] paths = [Path.Combine(Golden.Checkout, "deploy", "samples"), folder.Write("exempt.yaml", Exempt)];
        Run run = await Run.Of(["audit", "-o", "html", .. paths]);
        Assert.Equal(1, run.Code);
        Assert.Contains("until 2026-06-21 (ends in 6 days): &quot;the ports of the old switch change in June&quot;", run.Output, StringComparison.Ordinal);
        JsonNode report = JsonNode.Parse((await Run.Of(["audit", "-o", "json", .. paths])).Output)!;
        foreach (JsonNode? finding in report["findings"]!.AsArray())
        {
            Assert.Contains(System.Net.WebUtility.HtmlEncode((string)finding!["message"]!), run.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotMatch("(?i)<script|<link|<img|<iframe|\\bon[a-z]+=|url\\(|@import", run.Output);
    }

    private static IEnumerable<string> Strings(JsonNode? list) => list!.AsArray().Select(static item => (string)item!);
}
