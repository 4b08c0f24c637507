using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Webhook.Hosting;

/// <summary>
/// Metrics and spans to a collector over OTLP, where the standard variables name one (opentelemetry.io, SDK environment variables). All else that
/// they can say is read by the SDK: headers, protocol, time-outs, intervals, sampler, service name and resource attributes. Without them no
/// part of the SDK runs.
/// </summary>
internal sealed class OpenTelemetryExport : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    private OpenTelemetryExport(bool metrics, bool traces)
    {
        _metrics = metrics
            ? Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter(WebhookMetrics.MeterName).AddOtlpExporter().Build()
            : null;
        _traces = traces
            ? Sdk.CreateTracerProviderBuilder().ConfigureResource(Describe).AddSource(Spans.SourceName).AddOtlpExporter().Build()
            : null;
    }

    /// <summary>What is exported: which of metrics and traces.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static (bool Metrics, bool Traces) Wanted(Func<string, string?> variable)
    {
        bool isDisabled = string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);
        return (Wants("METRICS"), Wants("TRACES"));

        bool Wants(string signal) =>
            !isDisabled && (Has(Endpoint) || Has($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) && variable($"OTEL_{signal}_EXPORTER") is null or "" or "otlp";
        bool Has(string name) => variable(name) is { Length: > 0 };
    }

    /// <summary>Starts to export, or does nothing.</summary>
    /// <param name="variable">Reads a variable of the environment; the SDK reads that of the process.</param>
    /// <returns>What ends it, after a last export; null where nothing is exported.</returns>
    public static IDisposable? Start(Func<string, string?> variable)
    {
        (bool metrics, bool traces) = Wanted(variable);
        return metrics || traces ? new OpenTelemetryExport(metrics, traces) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static void Describe(ResourceBuilder resource) => resource.Clear()
        .AddService("infoscale-webhook", serviceVersion: ProgramVersion.Number, serviceInstanceId: Environment.MachineName)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector(); // last: it wins
}
