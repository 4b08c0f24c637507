using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>The published program, serving with a certificate of certs-dev/make.sh and a configuration file.</summary>
/// <param name="program">The program.</param>
/// <param name="folder">An empty folder for certificate and configuration.</param>
/// <param name="shutdownDelay">How long it goes on serving after it was told to stop, in seconds.</param>
/// <param name="arguments">More arguments of <c>serve</c>.</param>
internal sealed class WebhookServer(string program, string folder, int shutdownDelay = 1, params string[] arguments) : IAsyncDisposable
{
    /// <summary>The argument with which it makes its certificate itself.</summary>
    public const string BuiltIn = "--built-in-certificates";

    private ServerProcess? _process;

    /// <summary>The port it listens on.</summary>
    public int Port { get; } = ServerProcess.FreePort();

    /// <summary>Environment variables of its own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The authority of its certificate, PEM.</summary>
    public string Authority => File.ReadAllText(Path.Combine(folder, "ca.crt"));

    /// <summary>What it has logged since its last start.</summary>
    public string Log => _process!.Log;

    private string ConfigurationFile => Path.Combine(folder, "config.yaml");

    /// <summary>The program named by WEBHOOK_BINARY, or null.</summary>
    public static string? FindProgram() =>
        System.Environment.GetEnvironmentVariable("WEBHOOK_BINARY") is { Length: > 0 } path && File.Exists(path) ? path : null;

    /// <summary>Makes a certificate, or renews the one that is there with the same authority, as the script of the checkout does.</summary>
    public Task MakeCertificateAsync() => MakeCertificateAsync(folder);

    /// <summary>The same in another folder.</summary>
    public static async Task MakeCertificateAsync(string folder)
    {
        var start = new ProcessStartInfo(Checkout.PathOf("certs-dev", "make.sh"), ["--out", folder]) { RedirectStandardOutput = true };
        using Process make = Process.Start(start)!;
        string output = await make.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(make.ExitCode == 0, $"certs-dev/make.sh: exit code {make.ExitCode}\n{output}");
    }

    /// <summary>Writes another text where its private key is.</summary>
    /// <returns>The key.</returns>
    public async Task<string> SpoilKeyAsync(string text)
    {
        string file = Path.Combine(folder, "tls.key"), key = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return key;
    }

    /// <summary>Writes the configuration, as a kubelet does: the whole file at once.</summary>
    public async Task ConfigureAsync(string yaml)
    {
        await File.WriteAllTextAsync(ConfigurationFile + ".new", yaml, TestContext.Current.CancellationToken);
        File.Move(ConfigurationFile + ".new", ConfigurationFile, overwrite: true);
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        _process = ServerProcess.Start(
            program,
            Environment,
            [
                "serve", "--port", $"{Port}", "--config", ConfigurationFile, "--shutdown-delay", $"{shutdownDelay}", .. arguments,
                .. arguments.Contains(BuiltIn) ? (string[])[] : ["--cert", $"{folder}/tls.crt", "--key", $"{folder}/tls.key"],
            ]);
        using HttpClient client = Client();
        await _process.ReadyAsync(180, () => IsReadyAsync(client));
    }

    /// <summary>A client that trusts it.</summary>
    public HttpClient Client()
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsFromAuthority },
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{Port}") };
    }

    /// <summary>Whether it says that it is ready.</summary>
    public async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri($"https://localhost:{Port}/readyz"), CancellationToken.None);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Ends it without a word.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>The memory that is its own, in MiB.</summary>
    public Task<double> ResidentAsync() => _process!.ResidentAsync();

    /// <summary>The sum of a metric's series that have all of the labels; 0 where there is none.</summary>
    /// <param name="name">The name, as exposed.</param>
    /// <param name="labels">Labels, as exposed.</param>
    public async Task<double> MetricAsync(string name, params string[] labels)
    {
        using HttpClient client = Client();
        return Metrics.Sum(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken), name, labels);
    }

    /// <summary>Stops it as Kubernetes does.</summary>
    public Task<int> StopAsync() => _process!.StopAsync();

    /// <summary>The serial number of the certificate that a new connection gets.</summary>
    public async Task<string> ServedSerialNumberAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", Port, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream(), false, IsFromAuthority);
        await stream.AuthenticateAsClientAsync("localhost");
        return ((X509Certificate2)stream.RemoteCertificate!).SerialNumber;
    }

    /// <summary>Sends bytes as they are on a connection of their own.</summary>
    /// <returns>What comes back within 2 seconds.</returns>
    public async Task<string> SendAsync(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", Port, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream(), false, IsFromAuthority);
        await stream.AuthenticateAsClientAsync("localhost");
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // It waits for more, or has closed.
        }

        return System.Text.Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>The same serial number, or null where the certificate is not from the authority, as in the middle of a change.</summary>
    public async Task<string?> TryServedSerialNumberAsync()
    {
        try
        {
            return await ServedSerialNumberAsync();
        }
        catch (System.Security.Authentication.AuthenticationException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private bool IsFromAuthority(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (arguments.Contains(BuiltIn))
        {
            return true; // Its authorities are what the API server believes, not what the test does.
        }

        using X509Certificate2 authority = X509Certificate2.CreateFromPem(Authority);
        chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build((X509Certificate2)certificate!) && (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
    }
}
