using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Webhook.Checking;
using Webhook.Cluster;
using Webhook.Commands;
using Webhook.Hosting;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Audit;

/// <summary>
/// Writes what the audit found into the cluster: reports, where an API for them is installed, and an Event for each object whose result
/// changed. Nothing is written that is there already.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="identity">What tells this replica from the others.</param>
/// <param name="metrics">Counts the writes.</param>
/// <param name="logger">Tells of changes and of what could not be written.</param>
internal sealed class ReportPublisher(ApiClient client, string identity, AuditMetrics metrics, ILogger<ReportPublisher> logger)
{
    /// <summary>The most Events of one run: a first run over a large cluster shall not fill the API server with them.</summary>
    public const int MaxEvents = 200;

    /// <summary>The most writes that are under way at once: enough to hide the time of an answer, too few to crowd out others.</summary>
    public const int MaxWritesAtOnce = 8;

    private readonly ResultChanges _changes = new();
    private ReportApi? _api;
    private ReportBook? _book;
    private volatile string _told = "";

    /// <summary>Finds out which API there is, and reads the reports that are there.</summary>
    /// <returns>False where that could not be found out.</returns>
    public async Task<bool> LoadAsync(CancellationToken cancellation)
    {
        bool isFirst = _book is null;
        _api = null;
        foreach (ReportApi api in (ReportApi[])[ReportApi.OpenReports, ReportApi.PolicyReports])
        {
            ApiResult<Field> found = await client.SendAsync(HttpMethod.Get, $"apis/{api.ApiVersion}", $"look up {api.ApiVersion}", default, cancellation);
            if (found.Error is { Kind: not ApiErrorKind.NotFound } error)
            {
                Tell(error);
                return false;
            }

            if (found.Error is null)
            {
                _api = api;
                break;
            }
        }

        if (_api is null)
        {
            _book = null;
            return true;
        }

        var reports = new List<Field>();
        if (!await ListAsync(_api, _api.Resource, reports, cancellation) || !await ListAsync(_api, _api.ClusterResource, reports, cancellation))
        {
            return false;
        }

        _book = new ReportBook(_api);
        _book.Load(reports);
        if (isFirst)
        {
            _changes.Load(reports);
        }

        return true;
    }

    /// <summary>Writes the difference between what is there and what was found.</summary>
    /// <param name="results">Every object, judged.</param>
    /// <param name="keepClean">Whether objects without a finding have a report too.</param>
    /// <param name="now">The moment of the audit.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether everything was written.</returns>
    public async Task<bool> PublishAsync(IReadOnlyList<CheckedObject> results, bool keepClean, DateTimeOffset now, CancellationToken cancellation)
    {
        int failed = 0;
        var together = new ParallelOptions { MaxDegreeOfParallelism = MaxWritesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(_book?.Plan(results, keepClean, now) ?? [], together, async (write, token) =>
        {
            if (!await WriteAsync(write, token))
            {
                Interlocked.Increment(ref failed);
            }
        });
        IReadOnlyList<ResultChange> changes = _changes.Next(results);
        int events = 0;
        foreach (ResultChange change in changes)
        {
            Log.AuditChanged(logger, change.Object.Kind, change.Object.Namespace, change.Object.Name, change.Now.Length > 0 ? change.Now : "clean", change.Before);
            if (events++ < MaxEvents)
            {
                await EventAsync(change, now, cancellation);
            }
        }

        if (events > MaxEvents)
        {
            Log.AuditEventsCut(logger, events - MaxEvents);
        }

        return failed == 0;
    }

    private static string Folder(ReportApi api, ReportKey key) => key.Namespace.Length > 0
        ? $"apis/{api.ApiVersion}/namespaces/{Uri.EscapeDataString(key.Namespace)}/{api.Resource}"
        : $"apis/{api.ApiVersion}/{api.ClusterResource}";

    private async Task<bool> ListAsync(ReportApi api, string resource, List<Field> reports, CancellationToken cancellation)
    {
        string? next = null;
        do
        {
            string path = $"apis/{api.ApiVersion}/{resource}?labelSelector={Uri.EscapeDataString($"{PolicyReport.ManagedBy}={CommandLine.ProgramName}")}&limit=200"
                + (next is null ? "" : $"&continue={Uri.EscapeDataString(next)}");
            ApiResult<Field> page = await client.SendAsync(HttpMethod.Get, path, $"list {resource}", default, cancellation);
            if (page.Error is not null)
            {
                Tell(page.Error);
                return false;
            }

            foreach (Field report in page.Value["items"].Items())
            {
                reports.Add(report);
            }

            next = page.Value["metadata"]["continue"].Text is { Length: > 0 } token ? token : null;
        }
        while (next is not null);
        return true;
    }

    private async Task<bool> WriteAsync(ReportWrite write, CancellationToken cancellation)
    {
        string folder = Folder(_api!, write.Key), item = $"{folder}/{Uri.EscapeDataString(write.Key.Name)}";
        (HttpMethod method, string path, string verb) = write switch
        {
            { Report: null } => (HttpMethod.Delete, item, "delete"),
            { IsNew: true } => (HttpMethod.Post, folder, "create"),
            _ => (HttpMethod.Put, item, "update"),
        };
        ReadOnlyMemory<byte> body = write.Report is null ? default : Encoding.UTF8.GetBytes(write.Report.ToJsonString());
        ApiResult<Field> answer = await client.SendAsync(method, path, $"{verb} {_api!.Resource}", body, cancellation);
        bool isDone = answer.Error is null || (write.Report is null && answer.Error.Kind == ApiErrorKind.NotFound);
        metrics.Written(verb, isDone);
        if (isDone)
        {
            lock (_book!)
            {
                _book.Done(write, answer.Value);
            }
        }
        else
        {
            Tell(answer.Error!);
        }

        return isDone;
    }

    private async Task EventAsync(ResultChange change, DateTimeOffset now, CancellationToken cancellation)
    {
        CheckedObject item = change.Object;
        string space = item.Namespace.Length > 0 ? item.Namespace : "default";
        string name = item.Name.Length > 200 ? item.Name[..200].TrimEnd('.', '-') : item.Name;
        string time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string message = change.Now.Length > 0 ? change.Now : "nothing is wrong any more";
        var involved = new JsonObject { ["apiVersion"] = item.ApiVersion, ["kind"] = item.Kind, ["name"] = item.Name, ["uid"] = item.Uid };
        if (item.Namespace.Length > 0)
        {
            involved["namespace"] = item.Namespace;
        }

        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["namespace"] = space, ["name"] = string.Create(CultureInfo.InvariantCulture, $"{name}.{Guid.NewGuid():n}") },
            ["involvedObject"] = involved,
            ["reason"] = change.Now.Length > 0 ? "InfoScaleFindings" : "InfoScaleClean",
            ["message"] = message.Length <= PolicyReport.MaxMessageLength ? message : message[..PolicyReport.MaxMessageLength],
            ["type"] = item.Findings.Any(static found => found.Finding.Severity >= Severity.Warning) ? "Warning" : "Normal",
            ["firstTimestamp"] = time,
            ["lastTimestamp"] = time,
            ["count"] = 1,
            ["source"] = new JsonObject { ["component"] = CommandLine.ProgramName },
            ["reportingComponent"] = "infoscale.internal/webhook",
            ["reportingInstance"] = identity,
        };
        ApiResult<Field> answer = await client.SendAsync(
            HttpMethod.Post, $"api/v1/namespaces/{Uri.EscapeDataString(space)}/events", "create events", Encoding.UTF8.GetBytes(body.ToJsonString()), cancellation);
        metrics.Written("event", answer.Error is null);
        if (answer.Error is not null)
        {
            Tell(answer.Error);
        }
    }

    // The same trouble is told once, not for each object.
    private void Tell(ApiError error)
    {
        if (error.Message != _told)
        {
            _told = error.Message;
            Log.AuditCallFailed(logger, error.Message);
        }
    }
}
