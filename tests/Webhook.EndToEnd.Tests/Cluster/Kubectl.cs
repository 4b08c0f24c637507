using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>What one call of kubectl gave.</summary>
/// <param name="ExitCode">0 where everything was done.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">Rejections and warnings.</param>
internal sealed record KubectlResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines that begin with "Warning: ", without that.</summary>
    public IEnumerable<string> Warnings => Lines(Error).Where(static line => line.StartsWith("Warning: ", StringComparison.Ordinal))
        .Select(static line => line["Warning: ".Length..]);

    /// <summary>Fails with everything that was printed unless all was done.</summary>
    public KubectlResult Done()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    /// <summary>Fails with everything that was printed unless something was refused.</summary>
    public KubectlResult Refused()
    {
        Assert.True(ExitCode != 0, ToString());
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Error}";

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The real kubectl, as administrator of the test cluster.</summary>
/// <param name="file">The program.</param>
/// <param name="folder">The folder with the kubeconfig, and for its caches.</param>
internal sealed class Kubectl(string file, string folder)
{
    /// <summary>Runs it.</summary>
    public Task<KubectlResult> RunAsync(params string[] arguments) => WithInputAsync("", arguments);

    /// <summary>Runs it with something on standard input, for <c>-f -</c>.</summary>
    public async Task<KubectlResult> WithInputAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = Path.Combine(folder, "kubeconfig");
        start.ArgumentList.Add("--cache-dir=" + Path.Combine(folder, "cache"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return new KubectlResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>A kustomization as kubectl renders it: one JSON object for each manifest.</summary>
    /// <param name="folder">The folder with the kustomization.</param>
    public async Task<IReadOnlyList<JsonObject>> RenderAsync(string folder)
    {
        KubectlResult rendered = (await RunAsync("kustomize", folder)).Done();
        Assert.Empty(rendered.Error); // a deprecated field prints a warning
        return await ReadAsync(rendered.Output);
    }

    /// <summary>Manifests as JSON objects.</summary>
    /// <param name="manifests">YAML documents.</param>
    public async Task<IReadOnlyList<JsonObject>> ReadAsync(string manifests)
    {
        // PodDisruptionBudget is v1 since Kubernetes 1.21; an older API server takes the same fields as v1beta1.
        bool isOld = !(await RunAsync("api-versions")).Done().Output.Contains("policy/v1\n", StringComparison.Ordinal);
        string yaml = isOld ? manifests.Replace("apiVersion: policy/v1\n", "apiVersion: policy/v1beta1\n", StringComparison.Ordinal) : manifests;
        KubectlResult read = (await WithInputAsync(yaml, "create", "--dry-run=client", "--validate=false", "-o", "json", "-f", "-")).Done();
        return Objects(read.Output);
    }

    /// <summary>The objects that <c>-o json</c> printed, one after another.</summary>
    public static IReadOnlyList<JsonObject> Objects(string output)
    {
        var objects = new List<JsonObject>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(output), new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            objects.Add(JsonNode.Parse(ref reader)!.AsObject());
        }

        return objects;
    }
}
