using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Webhook.Certificates;
using Webhook.Cluster;
using Webhook.Hosting;

namespace Webhook.Tests.Certificates;

/// <summary>The certificates of one replica, looking when the test says so.</summary>
internal sealed class Replica : IDisposable
{
    private readonly WebhookMetrics _metrics = new();
    private readonly ApiClient _client;
    private readonly ServerCertificate _served;
    private readonly Lines _lines = new();

    public Replica(CertificateCluster cluster, string configuration = "infoscale-webhook")
    {
        _client = cluster.NewClient();
        var secret = new CertificateSecret(
            _client, "infoscale-webhook", CertificateSecret.DefaultName, new BuiltInOptions("infoscale-webhook", "", "infoscale-webhook").Hosts, cluster.Time,
            _lines.For<CertificateSecret>());
        _served = new ServerCertificate(_metrics, _lines.For<ServerCertificate>());
        var trust = new ServedTrust(_served, _metrics, cluster.Time, _lines.For<ServedTrust>());
        BuiltIn = new BuiltInCertificates(_client, secret, configuration, _served, trust, cluster.Time, _lines.For<BuiltInCertificates>());
    }

    public BuiltInCertificates BuiltIn { get; }

    public X509Certificate2? Served => _served.Leaf;

    /// <summary>All that was logged.</summary>
    public string Log => string.Join('\n', _lines.All);

    public Task<ApiError?> LookAsync() => BuiltIn.LookAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _client.Dispose();
        _metrics.Dispose();
    }

    private sealed class Lines
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger<T> For<T>() => new Logger<T>(All);

        private sealed class Logger<T>(ConcurrentQueue<string> lines) : ILogger<T>
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue(formatter(state, exception));
        }
    }
}
