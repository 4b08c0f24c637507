using System.Globalization;
using System.Text.Json.Nodes;
using System.Text;
using Webhook.Resources.Json;

namespace Webhook.Cluster;

/// <summary>
/// One holder among several replicas, by a Lease of coordination.k8s.io/v1, in the way of client-go (kubernetes/client-go
/// tools/leaderelection/leaderelection.go): the holder renews; who waits counts from when it saw the last renewal itself, so that clocks need
/// not agree; whoever writes against a newer version loses.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="namespace">The namespace of the Lease.</param>
/// <param name="name">Its name.</param>
/// <param name="identity">What tells this replica from the others.</param>
/// <param name="time">The clock.</param>
public sealed class Lease(ApiClient client, string @namespace, string name, string identity, TimeProvider time)
{
    /// <summary>How long a holder counts as alive after its last renewal.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <summary>How long the holder goes on without a renewal: less than <see cref="Duration"/>, so that there never are two.</summary>
    public static readonly TimeSpan RenewDeadline = TimeSpan.FromSeconds(10);

    /// <summary>How often it is tried to get or renew the Lease.</summary>
    public static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private string _seen = "";
    private long _seenAt;

    /// <summary>What went wrong at the last try, or null.</summary>
    public ApiError? LastError { get; private set; }

    /// <summary>Waits until the Lease is held, runs the work until it is lost, and begins anew; at the end gives the Lease back.</summary>
    /// <param name="lead">The work of the one holder; its token is cancelled when the Lease is lost.</param>
    /// <param name="cancellation">Ends all of it.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (await TryHoldAsync(cancellation).ConfigureAwait(false))
            {
                await LeadAsync(lead, cancellation).ConfigureAwait(false);
            }
            else
            {
                await DelayAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task work = Task.Run(() => lead(lost.Token), CancellationToken.None);
        long renewed = time.GetTimestamp();
        while (!cancellation.IsCancellationRequested && !work.IsCompleted && time.GetElapsedTime(renewed) < RenewDeadline)
        {
            await DelayAsync(cancellation).ConfigureAwait(false);
            if (!cancellation.IsCancellationRequested && await TryHoldAsync(cancellation).ConfigureAwait(false))
            {
                renewed = time.GetTimestamp();
            }
            else if (LastError is null)
            {
                break; // Somebody else has it.
            }
        }

        await lost.CancelAsync().ConfigureAwait(false);
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // As was asked.
        }

        if (cancellation.IsCancellationRequested)
        {
            await GiveBackAsync().ConfigureAwait(false);
        }
    }

    private async Task DelayAsync(CancellationToken cancellation) =>
        await Task.Delay(RetryPeriod, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Gets or renews the Lease; false where somebody else has it or nothing could be written.</summary>
    private async Task<bool> TryHoldAsync(CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource(RenewDeadline / 2, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        try
        {
            ApiResult<Field> read = await client.SendAsync(HttpMethod.Get, Path(name), "get leases", default, patience.Token).ConfigureAwait(false);
            if (read.Error is { Kind: not ApiErrorKind.NotFound })
            {
                LastError = read.Error;
                return false;
            }

            Field spec = read.Value["spec"];
            bool isMine = spec["holderIdentity"].Text == identity;
            if (read.Error is null && !isMine && !IsFree(read.Value))
            {
                LastError = null;
                return false;
            }

            ApiResult<Field> written = read.Error is not null
                ? await WriteAsync(HttpMethod.Post, Path(""), Body(null, identity, 0), patience.Token).ConfigureAwait(false)
                : await WriteAsync(HttpMethod.Put, Path(name), Body(read.Value, identity, isMine ? 0 : 1), patience.Token).ConfigureAwait(false);
            LastError = written.Error is { Kind: ApiErrorKind.Conflict } ? null : written.Error;
            return written.Error is null;
        }
        catch (OperationCanceledException)
        {
            LastError = new ApiError(ApiErrorKind.TimedOut, "renew lease: no answer");
            return false;
        }
    }

    // What is there counts as alive for a duration from when this replica saw it change, whatever its time says.
    private bool IsFree(Field lease)
    {
        Field spec = lease["spec"];
        if (spec["holderIdentity"].Text is not { Length: > 0 })
        {
            return true;
        }

        string seen = lease["metadata"]["resourceVersion"].Text ?? "";
        if (seen != _seen)
        {
            _seen = seen;
            _seenAt = time.GetTimestamp();
            return false;
        }

        return time.GetElapsedTime(_seenAt) > TimeSpan.FromSeconds(spec["leaseDurationSeconds"].Integer ?? (long)Duration.TotalSeconds);
    }

    private async Task GiveBackAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            ApiResult<Field> read = await client.SendAsync(HttpMethod.Get, Path(name), "get leases", default, patience.Token).ConfigureAwait(false);
            if (read.Error is null && read.Value["spec"]["holderIdentity"].Text == identity)
            {
                await WriteAsync(HttpMethod.Put, Path(name), Body(read.Value, "", 0), patience.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Then the others wait for its end.
        }
    }

    private Task<ApiResult<Field>> WriteAsync(HttpMethod method, string path, JsonObject body, CancellationToken cancellation) =>
        client.SendAsync(method, path, "write leases", Encoding.UTF8.GetBytes(body.ToJsonString()), cancellation);

    private JsonObject Body(Field? old, string holder, int transitions)
    {
        string now = time.GetUtcNow().UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = @namespace };
        if (old?["metadata"]["resourceVersion"].Text is string version)
        {
            metadata["resourceVersion"] = version;
        }

        bool isSame = old?["spec"]["holderIdentity"].Text == holder;
        return new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = holder,
                ["leaseDurationSeconds"] = holder.Length > 0 ? (int)Duration.TotalSeconds : 1,
                ["acquireTime"] = isSame && old?["spec"]["acquireTime"].Text is string acquired ? acquired : now,
                ["renewTime"] = now,
                ["leaseTransitions"] = (old?["spec"]["leaseTransitions"].Integer ?? 0) + transitions,
            },
        };
    }

    private string Path(string lease) =>
        $"apis/coordination.k8s.io/v1/namespaces/{Uri.EscapeDataString(@namespace)}/leases{(lease.Length > 0 ? $"/{Uri.EscapeDataString(lease)}" : "")}";
}
