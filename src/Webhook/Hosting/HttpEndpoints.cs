using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Webhook.Admission;

namespace Webhook.Hosting;

/// <summary>The six paths that are served. One switch: there is nothing to route by but the path.</summary>
/// <param name="validation">Answers reviews with a verdict.</param>
/// <param name="mutation">Answers reviews with a patch.</param>
/// <param name="readiness">Whether reviews may be sent.</param>
/// <param name="certificate">The certificate that is served, or null for plain HTTP.</param>
/// <param name="metrics">What <c>/metrics</c> shows.</param>
/// <param name="floor">Whether <c>/floor</c> is served as well.</param>
internal sealed class HttpEndpoints(
    AdmissionEndpoint validation, AdmissionEndpoint mutation, Readiness readiness, ServerCertificate? certificate, MetricsText metrics, bool floor)
{
    private static readonly string Version =
        $$"""{"version":"{{ProgramVersion.Number}}","build":"{{ProgramVersion.Full}}","runtime":"{{RuntimeInformation.FrameworkDescription}}"}""";

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (readiness.IsStopping)
        {
            // The last answer on this connection: the API server takes a new one, to a replica that stays. A connection that is closed while
            // a request is on its way would cost that request.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        string path = context.Request.Path.Value ?? "";
        if (path == "/validate")
        {
            return validation.HandleAsync(context);
        }

        if (path == "/mutate")
        {
            return mutation.HandleAsync(context);
        }

        if (floor && path == "/floor")
        {
            return Floor.HandleAsync(context);
        }

        bool known = path is "/livez" or "/readyz" or "/metrics" or "/version";
        if (known && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return TextResponse.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET");
        }

        return path switch
        {
            "/livez" => TextResponse.WriteAsync(context, StatusCodes.Status200OK, "ok"),
            "/readyz" => ReadyAsync(context),
            "/metrics" => TextResponse.WriteAsync(context, StatusCodes.Status200OK, metrics.Write(), MetricsText.ContentType),
            "/version" => TextResponse.WriteAsync(context, StatusCodes.Status200OK, Version, "application/json"),
            _ => TextResponse.WriteAsync(
                context, StatusCodes.Status404NotFound, "served here: POST /validate, /mutate, GET /livez, /readyz, /metrics, /version"),
        };
    }

    private Task ReadyAsync(HttpContext context)
    {
        string? problem = certificate is { IsLoaded: false } ? "no certificate is loaded" : readiness.Problem;
        return TextResponse.WriteAsync(
            context, problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, problem ?? "ok");
    }
}
