using System.Collections.Immutable;
using System.Diagnostics;
using Webhook.Rules;

namespace Webhook.Hosting;

/// <summary>
/// The spans of reviews: one for each, which joins the trace that the API server began (W3C traceparent), and one for each call that it waits
/// for. They hold kinds, words and numbers, and nothing of an object. While nobody listens they cost a look at a field.
/// </summary>
internal static class Spans
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = WebhookMetrics.MeterName;

    private static readonly ActivitySource Source = new(SourceName, ProgramVersion.Number);

    /// <summary>The span of a review, or null where nobody listens.</summary>
    /// <param name="context">The request, whose header names the parent.</param>
    public static Activity? OfReview(HttpContext context)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // Not the span that ASP.NET Core keeps for itself: nobody exports that one.
        Activity.Current = null;
        ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out ActivityContext parent);
        return Source.StartActivity($"POST {context.Request.Path.Value}", ActivityKind.Server, parent)
            ?.SetTag("http.request.method", "POST").SetTag("url.path", context.Request.Path.Value).SetTag("url.scheme", context.Request.Scheme);
    }

    /// <summary>The span of a call that a review waits for, or null where nobody listens.</summary>
    /// <param name="call">What is asked.</param>
    public static Activity? OfCall(string call) => Source.StartActivity(call, ActivityKind.Client);

    /// <summary>What was decided, on the span of the review that this is part of.</summary>
    /// <param name="uid">Identifies the request, as in the log.</param>
    /// <param name="kind">The kind, or <c>other</c>.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="mode">The mode in force.</param>
    /// <param name="decision">What was decided.</param>
    public static void Decided(string uid, string kind, string operation, string mode, string decision) => Current
        ?.SetTag("admission.uid", uid).SetTag("admission.kind", kind).SetTag("admission.operation", operation).SetTag("admission.mode", mode)
        .SetTag("admission.decision", decision);

    /// <summary>How many findings there are, and of how many rules, on the same span.</summary>
    public static void Found(ImmutableArray<Finding> findings)
    {
        if (Current is Activity span)
        {
            span.SetTag("admission.findings", findings.Length);
            span.SetTag("admission.rules", findings.Select(static finding => finding.Rule).Distinct(StringComparer.Ordinal).Count());
        }
    }

    /// <summary>The answer to the request, on the span of its review.</summary>
    /// <param name="span">The span, or null.</param>
    /// <param name="code">The status code.</param>
    public static void Answered(Activity? span, int code)
    {
        span?.SetTag("http.response.status_code", code);
        if (code >= StatusCodes.Status500InternalServerError)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static Activity? Current => Source.HasListeners() && Activity.Current is Activity span && span.Source == Source ? span : null;
}
