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
/// changed. Nothing is written that is there already. Without an API the reports are kept here, so that Events are the same.
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

    private ReportApi? _api;
    private ReportApi? _formerApi;
    private List<Field> _former = [];
    private ReportBook? _book;
    private volatile string _told = "";

    /// <summary>Finds out which API there is, and reads the reports that are there.</summary>
    /// <returns>False where that could not be found out.</returns>
    public async Task<bool> LoadAsync(CancellationToken cancellation)
    {
        ReportApi? before = _api;
        (_api, _formerApi) = (null, null);
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
                (_api, _formerApi) = (_api ?? api, _api is null ? null : api);
            }
        }

        if (_api is null)
        {
            _book = before is null && _book is not null ? _book : new ReportBook(ReportApi.PolicyReports);
            return true;
        }

        var reports = new List<Field>();
        var former = new List<Field>();
        if (!await ListAsync(_api, reports, cancellation) || (_formerApi is not null && !await ListAsync(_formerApi, former, cancellation)))
        {
            return false;
        }

        _former = former;
        _book = new ReportBook(_api);
        _book.Load(reports, former);
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
        int failed = 0, events = 0;
        var together = new ParallelOptions { MaxDegreeOfParallelism = MaxWritesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(_book?.Plan(results, keepClean, now) ?? [], together, async (write, token) =>
        {
            if (!await WriteAsync(_api, write, token))
            {
                Interlocked.Increment(ref failed);
            }
            else if (write.Change is ResultChange change)
            {
                Log.AuditChanged(logger, change.Object.Kind, change.Object.Namespace, change.Object.Name, change.Now.Length > 0 ? change.Now : "clean", change.Before);
                if (Interlocked.Increment(ref events) <= MaxEvents)
                {
                    await EventAsync(change, now, token);
                }
            }
        });
        if (events > MaxEvents)
        {
            Log.AuditEventsCut(logger, events - MaxEvents);
        }

        // What was reported by another API goes when all of it stands where it shall be.
        if (failed == 0 && _former.Count > 0)
        {
            await Parallel.ForEachAsync(_former, together, async (report, token) =>
            {
                if (!await WriteAsync(_formerApi, new ReportWrite(ReportKey.Of(report), null, false), token))
                {
                    Interlocked.Increment(ref failed);
                }
            });
            _former = [];
        }

        return failed == 0;
    }

    private static string Folder(ReportApi api, ReportKey key) => key.Namespace.Length > 0
        ? $"apis/{api.ApiVersion}/namespaces/{Uri.EscapeDataString(key.Namespace)}/{api.Resource}"
        : $"apis/{api.ApiVersion}/{api.ClusterResource}";

    private async Task<bool> ListAsync(ReportApi api, List<Field> reports, CancellationToken cancellation) =>
        await ListAsync(api, api.Resource, reports, cancellation) && await ListAsync(api, api.ClusterResource, reports, cancellation);

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

    private async Task<bool> WriteAsync(ReportApi? api, ReportWrite write, CancellationToken cancellation)
    {
        if (api is null)
        {
            Done(write, default);
            return true;
        }

        string folder = Folder(api, write.Key), item = $"{folder}/{Uri.EscapeDataString(write.Key.Name)}";
        (HttpMethod method, string path, string verb) = write switch
        {
            { Report: null } => (HttpMethod.Delete, item, "delete"),
            { IsNew: true } => (HttpMethod.Post, folder, "create"),
            _ => (HttpMethod.Put, item, "update"),
        };
        ReadOnlyMemory<byte> body = write.Report is null ? default : Encoding.UTF8.GetBytes(write.Report.ToJsonString());
        ApiResult<Field> answer = await client.SendAsync(method, path, $"{verb} {api.Resource}", body, cancellation);
        bool isDone = answer.Error is null || (write.Report is null && answer.Error.Kind == ApiErrorKind.NotFound);
        metrics.Written(verb, isDone);
        if (isDone && api == _api)
        {
            Done(write, answer.Value);
        }
        else if (!isDone)
        {
            Tell(answer.Error!);
        }

        return isDone;
    }

    private void Done(ReportWrite write, Field answer)
    {
        lock (_book!)
        {
            _book.Done(write, answer);
        }
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
