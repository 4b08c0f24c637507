using System.Collections.Concurrent;
using Webhook.Cluster;
using Webhook.Resources;

namespace Webhook.Checking;

/// <summary>Reads a live cluster once, for a command that then ends.</summary>
/// <param name="client">The client.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterReader(ApiClient client, TimeProvider time)
{
    private const int AtOnce = 4;
    private const int Tries = 3;

    /// <summary>Lists every kind; exactly one of the two results is set. A kind that is not served, or that may not be listed, is not seen.</summary>
    /// <param name="listed">Is told how many kinds are done.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ApiResult<ClusterRecording>> ReadAsync(Action<int> listed, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        ApiResult<string> version = await PatientlyAsync(() => client.FindServerVersionAsync(cancellation), cancellation);
        if (version.Error is { Kind: not ApiErrorKind.Forbidden } unreachable)
        {
            return unreachable;
        }

        var kinds = new ConcurrentDictionary<ClusterKind, RecordedKind>();
        ApiError? failure = null;
        int done = 0;
        await Parallel.ForEachAsync(
            ClusterKind.All,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (kind, stop) =>
            {
                if (failure is not null)
                {
                    return;
                }

                ApiResult<RecordedKind> read = await ReadAsync(kind, stop);
                if (read.Error is not null)
                {
                    failure = read.Error;
                    return;
                }

                kinds[kind] = read.Value!;
                listed(Interlocked.Increment(ref done));
            });
        return failure is not null ? failure : new ClusterRecording
        {
            Time = now,
            ServerVersion = version.Value ?? "",
            Kinds = [.. ClusterKind.All.Select(kind => kinds[kind])],
        };
    }

    private async Task<ApiResult<RecordedKind>> ReadAsync(ClusterKind kind, CancellationToken cancellation)
    {
        ApiResult<string?> served = await PatientlyAsync(() => client.FindVersionAsync(kind, cancellation), cancellation);
        if (served.Error is ApiError error)
        {
            return error.Kind == ApiErrorKind.Forbidden ? Forbidden(kind) : error;
        }

        if (served.Value is not string version)
        {
            return new RecordedKind(kind, [], kind.NotServed);
        }

        ApiResult<ObjectList> listed = await PatientlyAsync(() => client.ListAsync(kind, version, static _ => null, cancellation), cancellation);
        return listed.Error is ApiError failed
            ? failed.Kind == ApiErrorKind.Forbidden ? Forbidden(kind) : failed
            : new RecordedKind(kind, [.. listed.Value!.Objects.Select(static one => one.Root)]);
    }

    // A server that is busy or restarts is asked again later, a broken list at once.
    private async Task<ApiResult<T>> PatientlyAsync<T>(Func<Task<ApiResult<T>>> call, CancellationToken cancellation)
    {
        var backoff = new Backoff(Random.Shared);
        for (int tries = 1; ; tries++)
        {
            ApiResult<T> result = await call();
            switch (result.Error?.Kind)
            {
                case ApiErrorKind.Gone or ApiErrorKind.Cut when tries < Tries:
                    break;
                case ApiErrorKind.TooManyRequests or ApiErrorKind.ServerError when tries < Tries:
                    await Task.Delay(backoff.Next(result.Error.RetryAfter), time, cancellation);
                    break;
                default:
                    return result;
            }
        }
    }

    private static RecordedKind Forbidden(ClusterKind kind) => new(kind, [], kind.NotListed, IsForbidden: true);
}
