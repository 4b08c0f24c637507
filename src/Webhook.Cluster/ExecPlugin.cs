using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Cluster;

/// <summary>
/// Credentials from a program, by the ExecCredential of client.authentication.k8s.io
/// (kubernetes/client-go plugin/pkg/client/auth/exec/exec.go): run once, kept until they expire or are refused.
/// </summary>
internal sealed class ExecPlugin : ClusterCredentials
{
    /// <summary>The longest that a program may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // A token is not used to its last second: the call takes time, and clocks differ.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly string _apiVersion;
    private readonly ProcessStartInfo _start;
    private readonly string _hint;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Task<ApiResult<Credential>>? _kept;
    private DateTimeOffset _expires;

    /// <summary>A plugin.</summary>
    /// <param name="exec">The section <c>exec</c> of a kubeconfig's user.</param>
    /// <param name="folder">Where a relative path of the program starts.</param>
    /// <param name="clusterInfo">The cluster for <c>provideClusterInfo</c>, JSON, or null.</param>
    /// <param name="time">The clock of the expiry.</param>
    public ExecPlugin(Field exec, string folder, string? clusterInfo, TimeProvider time)
    {
        _time = time;
        _apiVersion = exec["apiVersion"].Text ?? "";
        string command = exec["command"].Text ?? "";
        _hint = exec["installHint"].Text is { Length: > 0 } hint ? $" ({hint.Trim()})" : "";
        _start = new ProcessStartInfo(command.Contains('/', StringComparison.Ordinal) ? Path.Combine(folder, command) : command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (Field argument in exec["args"].Items())
        {
            _start.ArgumentList.Add(argument.Text ?? "");
        }

        foreach (Field variable in exec["env"].Items())
        {
            _start.Environment[variable["name"].Text ?? ""] = variable["value"].Text ?? "";
        }

        string cluster = exec["provideClusterInfo"].Boolean == true && clusterInfo is not null ? $",\"cluster\":{clusterInfo}" : "";
        _start.Environment["KUBERNETES_EXEC_INFO"] =
            $"{{\"apiVersion\":\"{JsonEncodedText.Encode(_apiVersion)}\",\"kind\":\"ExecCredential\",\"spec\":{{\"interactive\":false{cluster}}}}}";
    }

    internal override async ValueTask<ApiResult<Credential>> GetAsync(CancellationToken cancellation)
    {
        Task<ApiResult<Credential>> kept;
        lock (_lock)
        {
            if (_kept is null or { IsCompletedSuccessfully: true, Result.Error: not null }
                || (_kept.IsCompleted && _time.GetUtcNow() >= _expires - Margin))
            {
                // Not ended by the caller's token: others may wait for the same run.
                _kept = RunAsync();
            }

            kept = _kept;
        }

        return await kept.WaitAsync(cancellation).ConfigureAwait(false);
    }

    internal override void Reject()
    {
        lock (_lock)
        {
            _kept = _kept is { IsCompleted: true } ? null : _kept;
        }
    }

    // What the program prints may hold secrets, on standard error too: none of it is repeated.
    private ApiError Failed(string reason) => new(ApiErrorKind.Unauthorized, $"credential plugin {_start.FileName}: {reason}{_hint}");

    private async Task<ApiResult<Credential>> RunAsync()
    {
        await Task.Yield(); // out of the lock
        using var patience = new CancellationTokenSource(Patience, _time);
        using var process = new Process { StartInfo = _start };
        try
        {
            process.Start();
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
            string output = await process.StandardOutput.ReadToEndAsync(patience.Token).ConfigureAwait(false);
            await error.ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? Read(output) : Failed($"exit code {process.ExitCode}");
        }
        catch (IOException)
        {
            return Failed("took no input");
        }
        catch (Win32Exception exception)
        {
            return Failed(exception.Message);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return Failed($"not done within {Patience.TotalSeconds} s");
        }
    }

    private ApiResult<Credential> Read(string output)
    {
        if (!JsonText.TryParse(output, FieldPath.Root, out Field root, out _))
        {
            return Failed("printed no JSON");
        }

        if (root["kind"].Text != "ExecCredential" || root["apiVersion"].Text != _apiVersion)
        {
            return Failed($"printed no ExecCredential of {_apiVersion}");
        }

        Field status = root["status"];
        string? token = status["token"].Text, certificate = status["clientCertificateData"].Text, key = status["clientKeyData"].Text;
        if (token is null && (certificate is null || key is null))
        {
            return Failed("gave neither token nor client certificate");
        }

        // Without an expiry the credentials hold until they are refused.
        _expires = DateTimeOffset.MaxValue;
        if (status["expirationTimestamp"].Text is string expires
            && !DateTimeOffset.TryParse(expires, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out _expires))
        {
            return Failed("expirationTimestamp is no time");
        }

        try
        {
            return new Credential(token, certificate is null || key is null ? null : X509Certificate2.CreateFromPem(certificate, key));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return Failed("the client certificate does not fit its key");
        }
    }
}
