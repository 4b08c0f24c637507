using System.Security.Cryptography.X509Certificates;

namespace Webhook.Cluster;

/// <summary>Who calls: where a bearer token or a client certificate comes from. Nothing here shows either in a message.</summary>
public abstract class ClusterCredentials
{
    /// <summary>No credentials: the call is made as <c>system:anonymous</c>.</summary>
    public static ClusterCredentials Anonymous { get; } = new FixedCredentials(null, null);

    /// <summary>The credentials for the next call.</summary>
    internal abstract ValueTask<ApiResult<Credential>> GetAsync(CancellationToken cancellation);

    /// <summary>The server did not take them: what was kept is asked for anew.</summary>
    internal virtual void Reject()
    {
    }
}

/// <summary>A bearer token, a client certificate, or both.</summary>
/// <param name="token">The token, or null.</param>
/// <param name="certificate">The certificate with its private key, or null.</param>
internal sealed class Credential(string? token, X509Certificate2? certificate)
{
    public string? Token { get; } = token;

    public X509Certificate2? Certificate { get; } = certificate;
}

/// <summary>Credentials that stand in a kubeconfig.</summary>
internal sealed class FixedCredentials(string? token, X509Certificate2? certificate) : ClusterCredentials
{
    private readonly Credential _credential = new(token, certificate);

    internal override ValueTask<ApiResult<Credential>> GetAsync(CancellationToken cancellation) => new((ApiResult<Credential>)_credential);
}

/// <summary>
/// A token in a file, read for each call: a kubelet renews the token of a pod before it expires (an hour by default), and calls are few.
/// </summary>
internal sealed class TokenFile(string file, X509Certificate2? certificate) : ClusterCredentials
{
    internal override async ValueTask<ApiResult<Credential>> GetAsync(CancellationToken cancellation)
    {
        try
        {
            string token = (await File.ReadAllTextAsync(file, cancellation).ConfigureAwait(false)).Trim();
            return token.Length > 0 ? new Credential(token, certificate) : new ApiError(ApiErrorKind.Unauthorized, $"{file}: holds no token");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ApiError(ApiErrorKind.Unauthorized, $"no token: {exception.Message}");
        }
    }
}
