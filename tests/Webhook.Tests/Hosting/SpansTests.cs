using System.Collections.Concurrent;
using System.Diagnostics;
using Webhook.Hosting;

namespace Webhook.Tests.Hosting;

/// <summary>What a review leaves in a trace, and which variables of the environment switch the export on.</summary>
public sealed class SpansTests
{
    private const string Review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"UID","operation":"CREATE","name":"secret-name","namespace":"erp-db",
        "kind":{"group":"k8s.cni.cncf.io","version":"v1","kind":"NetworkAttachmentDefinition"},"userInfo":{"username":"secret-user"},
        "object":{"apiVersion":"k8s.cni.cncf.io/v1","kind":"NetworkAttachmentDefinition","metadata":{"name":"secret-name","namespace":"erp-db",
        "labels":{"infoscale.internal/role":"llt"}},"spec":{"config":"{\"cniVersion\":\"0.4.0\",\"type\":\"bridge\",\"bridge\":\"secret-bridge\"}"}}}}
        """;

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")]
    [InlineData(null, null, "0000000000000000")]
    [InlineData("no trace context", null, "0000000000000000")]
    public async Task A_review_is_one_span_of_the_trace_that_the_API_server_began(string? header, string? trace, string parent)
    {
        string uid = Guid.NewGuid().ToString();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Spans.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpRequestMessage request = RunningServer.Request(Review.Replace("UID", uid, StringComparison.Ordinal));
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", header);
        }

        using HttpMessageInvoker client = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        request.RequestUri = new Uri(server.Server.Address, request.RequestUri!);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        // The span ends after the answer has gone, and other tests have spans, too.
        Activity? span = null;
        SpinWait.SpinUntil(() => (span = spans.FirstOrDefault(one => (string?)one.GetTagItem("admission.uid") == uid)) is not null, TimeSpan.FromSeconds(10));
        Assert.NotNull(span);
        Assert.Equal(trace ?? span.TraceId.ToHexString(), span.TraceId.ToHexString());
        Assert.Equal(parent, span.ParentSpanId.ToHexString());
        Assert.Equal(ActivityKind.Server, span.Kind);
        Assert.Equal("POST /validate", span.DisplayName);
        Assert.Equal(
            $"""
            http.request.method=POST url.path=/validate url.scheme=http admission.findings=1 admission.rules=1 admission.uid={uid}
            admission.kind=NetworkAttachmentDefinition admission.operation=CREATE admission.mode=enforce admission.decision=denied http.response.status_code=200
            """.ReplaceLineEndings(" "),
            string.Join(' ', span.TagObjects.Select(static tag => $"{tag.Key}={tag.Value}")));
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("OTEL_SERVICE_NAME=a OTEL_TRACES_SAMPLER=always_on", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4318/v1/traces", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c:4318/v1/metrics", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_TRACES_EXPORTER=none", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_METRICS_EXPORTER=none OTEL_TRACES_EXPORTER=otlp", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_SDK_DISABLED=true", false, false)]
    public void The_standard_variables_say_what_is_exported(string environment, bool metrics, bool traces)
    {
        Dictionary<string, string> variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(static entry => entry.Split('=')).ToDictionary(static entry => entry[0], static entry => entry[1]);
        Assert.Equal((metrics, traces), OpenTelemetryExport.Wanted(variables.GetValueOrDefault));
    }
}
