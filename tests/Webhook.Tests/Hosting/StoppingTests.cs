using System.Net;
using Microsoft.Extensions.Time.Testing;
using Webhook.Hosting;

namespace Webhook.Tests.Hosting;

/// <summary>Told to stop: not ready at once, serving on, and each connection ends with an answer and not in the middle of a request.</summary>
public sealed class StoppingTests
{
    private const string Review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE",
        "kind":{"group":"","version":"v1","kind":"Pod"},"object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Until_the_delay_is_over_reviews_are_answered_and_the_caller_is_asked_to_connect_elsewhere(string version)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var folder = new Commands.TemporaryFolder();
        (string certificate, string key) = TestCertificate.Write(folder, "webhook.test");
        await using RunningServer server = await RunningServer.StartAsync(
            new ServeOptions { CertificateFile = certificate, KeyFile = key, ShutdownDelay = TimeSpan.FromSeconds(5) }, time: time);
        using (HttpResponseMessage before = await PostAsync(server, version))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
            Assert.NotEqual(true, before.Headers.ConnectionClose);
        }

        Task stopped = server.Server.StopAsync();
        using (HttpResponseMessage ready = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative), Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Equal("stopping\n", await ready.Content.ReadAsStringAsync(Cancellation));
        }

        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage during = await PostAsync(server, version);
            Assert.Equal(HttpStatusCode.OK, during.StatusCode);
            Assert.Equal(version == "1.1", during.Headers.ConnectionClose == true); // HTTP/2 says it by a frame of its own.
        }

        Assert.False(stopped.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        await stopped;
        await Assert.ThrowsAsync<HttpRequestException>(async () => (await PostAsync(server, version)).Dispose());
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string version)
    {
        using HttpRequestMessage request = RunningServer.Request(Review);
        request.Version = Version.Parse(version);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return await server.Client.SendAsync(request, Cancellation);
    }
}
