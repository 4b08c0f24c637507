using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Webhook.Tests.Output;

/// <summary>A real browser without a window, steered by the Chrome DevTools protocol; it shows one page of a file.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonNode> _events = [];
    private int _calls;

    private Browser(Process process, string profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>The program, or null where there is none.</summary>
    public static string? Program { get; } =
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>What the page and the browser complained of.</summary>
    public IEnumerable<string> Complaints => _events
        .Where(static sent => (string?)sent["method"] is "Log.entryAdded" or "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Network.loadingFailed")
        .Select(static sent => sent.ToJsonString());

    /// <summary>Every address that was asked for.</summary>
    public IEnumerable<string> Requests => _events
        .Where(static sent => (string?)sent["method"] == "Network.requestWillBeSent").Select(static sent => (string)sent["params"]!["request"]!["url"]!);

    /// <summary>Starts it with an empty page.</summary>
    public static async Task<Browser> StartAsync()
    {
        string profile = Directory.CreateTempSubdirectory("webhook-browser-").FullName;
        var start = new ProcessStartInfo(
            Program!,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
            ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new Browser(Process.Start(start)!, profile);
        string? line;
        do
        {
            line = await browser._process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.True(line is not null, "the browser ended");
        }
        while (!line.Contains("DevTools listening on ", StringComparison.Ordinal));
        _ = browser._process.StandardError.ReadToEndAsync(CancellationToken.None);

        using var client = new HttpClient();
        string host = new Uri(line[line.IndexOf("ws://", StringComparison.Ordinal)..]).Authority;
        JsonNode pages = JsonNode.Parse(await client.GetStringAsync($"http://{host}/json/list", TestContext.Current.CancellationToken))!;
        string page = pages.AsArray().Where(static one => (string?)one!["type"] == "page").Select(static one => (string)one!["webSocketDebuggerUrl"]!).First();
        await browser._socket.ConnectAsync(new Uri(page), TestContext.Current.CancellationToken);
        foreach (string domain in (string[])["Page", "Log", "Runtime", "Network"])
        {
            await browser.CallAsync($"{domain}.enable", []);
        }

        return browser;
    }

    /// <summary>Opens a page and waits until it is laid out.</summary>
    /// <param name="file">The file.</param>
    /// <param name="width">The width of the screen in CSS pixels.</param>
    /// <param name="isDark">Whether the reader asks for dark.</param>
    public async Task OpenAsync(string file, int width, bool isDark)
    {
        _events.Clear();
        await CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        await CallAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }),
        });
        await CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        while (!_events.Exists(static sent => (string?)sent["method"] == "Page.loadEventFired"))
        {
            _events.Add(await ReceiveAsync());
        }
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonNode answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        Assert.True(answer["exceptionDetails"] is null, answer.ToJsonString());
        return answer["result"]!["value"];
    }

    /// <summary>A picture of a part of the page, PNG.</summary>
    /// <param name="top">Where it begins, in CSS pixels.</param>
    /// <param name="width">How wide it is.</param>
    /// <param name="height">How high it is.</param>
    public async Task<byte[]> PictureAsync(double top, int width, int height)
    {
        JsonNode answer = await CallAsync("Page.captureScreenshot", new JsonObject
        {
            ["captureBeyondViewport"] = true,
            ["clip"] = new JsonObject { ["x"] = 0, ["y"] = top, ["width"] = width, ["height"] = height, ["scale"] = 1 },
        });
        return Convert.FromBase64String((string)answer["data"]!);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A helper of the browser still writes there; the folder is a temporary one.
        }
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        int id = ++_calls;
        byte[] call = Encoding.UTF8.GetBytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString());
        await _socket.SendAsync(call, WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        while (true)
        {
            JsonNode answer = await ReceiveAsync();
            if ((int?)answer["id"] == id)
            {
                Assert.True(answer["error"] is null, answer.ToJsonString());
                return answer["result"]!;
            }

            _events.Add(answer);
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!;
    }
}
