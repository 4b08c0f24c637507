using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.Benchmarks;

/// <summary>The published program under measurement, on the first processor, with a certificate made for the run.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("webhook-benchmark-").FullName;
    private readonly long _started;
    private volatile string? _returned;

    public ServerProcess(string binary, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        Port = FreePort();
        WriteCertificate(_folder);
        var start = new ProcessStartInfo("taskset")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "-c", "0", binary, "serve", "--floor", "--listen", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture),
                "--cert", Path.Combine(_folder, "tls.crt"), "--key", Path.Combine(_folder, "tls.key"),
            },
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }

        _started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += (_, line) => _returned = line.Data?.Contains("Gave back", StringComparison.Ordinal) == true ? line.Data : _returned;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    /// <summary>The last line of its log about memory that it gave back, or null.</summary>
    public string? Returned => _returned;

    /// <summary>The number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>The seconds from the start of the process until <c>/readyz</c> answered 200.</summary>
    public double WaitUntilReady()
    {
        using var handler = new HttpClientHandler();
#pragma warning disable CA5359, CA5400 // The certificate was made for this run.
        handler.ServerCertificateCustomValidationCallback = static (_, _, _, _) => true;
        using var client = new HttpClient(handler);
#pragma warning restore CA5359, CA5400
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{Port}/readyz"));
        while (Stopwatch.GetElapsedTime(_started).TotalSeconds < 60)
        {
            try
            {
                using HttpResponseMessage answer = client.GetAsync(url).GetAwaiter().GetResult();
                if (answer.IsSuccessStatusCode)
                {
                    return Stopwatch.GetElapsedTime(_started).TotalSeconds;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            Thread.Sleep(2); // Another process: it can only be asked, and this is how exactly the start is measured.
        }

        throw new InvalidOperationException("the server was not ready within 60 s");
    }

    /// <summary>User and system time so far, in seconds (proc(5): fields 14 and 15 of stat, in ticks of 10 ms).</summary>
    public double CpuSeconds()
    {
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/stat"));
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>The resident memory now, in MiB.</summary>
    public double ResidentMebibytes()
    {
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/status"))
            .First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void WriteCertificate(string folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
