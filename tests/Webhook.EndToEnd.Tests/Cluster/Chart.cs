using System.Diagnostics;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>The chart of deploy/helm, rendered by tests/Helm with Go's own template engine.</summary>
internal static class Chart
{
    private const string Libraries = "/usr/share/gocode";

    private static readonly string[] Compilers = ["/usr/lib/go-1.19/bin/go", "/usr/lib/go/bin/go", "/usr/bin/go", "/usr/local/go/bin/go"];

    /// <summary>Why it cannot be rendered here, or null.</summary>
    public static string? WhyNot =>
        FindGo() is null ? "no Go compiler; .ci/run installs it"
        : !Directory.Exists(Path.Combine(Libraries, "src", "github.com", "Masterminds", "sprig")) ? "no golang-github-masterminds-sprig-dev; .ci/run installs it"
        : null;

    /// <summary>Renders it.</summary>
    /// <param name="namespace">The namespace of the release.</param>
    /// <param name="values">YAML laid over the chart's own values.</param>
    /// <returns>Exit code, manifests as YAML, and notes or what is wrong.</returns>
    public static async Task<(int Code, string Output, string Error)> RenderAsync(string @namespace, string values)
    {
        var start = new ProcessStartInfo(FindGo()!, ["run", Checkout.PathOf("tests", "Helm", "main.go"), Checkout.PathOf("deploy", "helm"), @namespace])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GOPATH"] = Libraries, ["GO111MODULE"] = "off", ["GOFLAGS"] = "", ["CGO_ENABLED"] = "0" },
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(values);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private static string? FindGo() => Compilers.FirstOrDefault(File.Exists);
}
