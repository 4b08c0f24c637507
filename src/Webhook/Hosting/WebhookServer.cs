using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Webhook.Admission;
using Webhook.Audit;
using Webhook.Certificates;
using Webhook.Cluster;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Rules;

namespace Webhook.Hosting;

/// <summary>Puts the server together: Kestrel, the endpoints, and what reloads files beside them.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private const int MaxConnections = 2048;

    private readonly WebApplication _app;
    private readonly WebhookMetrics _metrics = new();
    private readonly MetricsText _metricsText;
    private readonly Readiness _readiness;
    private readonly LiveCluster? _cluster;
    private readonly CertificateFiles? _certificateFiles;
    private readonly ClientAuthorities? _clients;
    private readonly ICertificateKeeper? _keeper;
    private readonly ReviewGate _gate;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private IDisposable? _export;

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="settings">The configuration as read at start.</param>
    /// <param name="time">The clock.</param>
    /// <param name="configure">Changes Kestrel's limits, for tests that cannot wait for them.</param>
    /// <param name="gate">Another bound on what is taken on at once, for tests.</param>
    public WebhookServer(
        ServeOptions options, EnforcementSettings settings, TimeProvider time, Action<KestrelServerLimits>? configure = null, ReviewGate? gate = null)
    {
        _time = time;
        _metricsText = new MetricsText(_metrics);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        ConfigureLogging(builder.Logging, options.LogFormat);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownDelay + TimeSpan.FromSeconds(15));
        builder.Services.AddHostedService(services => new ShutdownDelay(
            _readiness!, options.ShutdownDelay, time, services.GetRequiredService<ILogger<ShutdownDelay>>()));
        builder.Services.AddHostedService(_ => new Poller([.. Polled()], time));
        if (options.Cluster is not null)
        {
            builder.Services.AddHostedService(_ => _cluster!);
        }

        if (options.Audits)
        {
            builder.Services.AddHostedService(Audit);
        }

        if (options.IsSecure && options.Cluster is not null)
        {
            builder.Services.AddHostedService(services => new CertificateLoop(_keeper!, time, services.GetRequiredService<ILogger<CertificateLoop>>()));
        }

        builder.WebHost.ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, options, configure));
        _app = builder.Build();

        _logger = _app.Services.GetRequiredService<ILogger<WebhookServer>>();
        _cluster = options.Cluster is null ? null
            : new LiveCluster(options.Cluster, time, _metrics, _app.Services.GetRequiredService<ILogger<LiveCluster>>());
        Configuration = new ConfigurationStore(
            options.ConfigurationFile, settings, _metrics, _app.Services.GetRequiredService<ILogger<ConfigurationStore>>());
        if (options.IsSecure)
        {
            Certificate = new ServerCertificate(
                _metrics, _app.Services.GetRequiredService<ILogger<ServerCertificate>>(), asksClients: options.ClientAuthorityFile is not null);
        }

        if (options.CertificateFile is not null)
        {
            _certificateFiles = new CertificateFiles(
                options.CertificateFile, options.KeyFile!, Certificate!, _metrics, _app.Services.GetRequiredService<ILogger<CertificateFiles>>());
        }

        if (options.ClientAuthorityFile is not null)
        {
            _clients = new ClientAuthorities(
                options.ClientAuthorityFile, options.ClientNames, time, _app.Services.GetRequiredService<ILogger<ClientAuthorities>>());
        }

        if (options.IsSecure && _cluster is not null)
        {
            _keeper = Keeper(options, _cluster.Client);
        }

        _readiness = new Readiness(_cluster, _keeper);

        _gate = gate ?? new ReviewGate();
        _gate.Show(_metrics);
        ClusterView Cluster() => _cluster?.Current ?? ClusterView.Unseen;
        ExemptionPermissions? permissions = _cluster is null ? null
            : new ExemptionPermissions(_cluster.Client, time, _metrics, _app.Services.GetRequiredService<ILogger<ExemptionPermissions>>());
        var reviewer = new AdmissionReviewer(
            Configuration, Cluster, time, _metrics, _app.Services.GetRequiredService<ILogger<AdmissionReviewer>>(), permissions);
        var mutator = new AdmissionMutator(Configuration, Cluster, time, _metrics, _app.Services.GetRequiredService<ILogger<AdmissionMutator>>());
        AdmissionEndpoint Endpoint(IReviewer answer) =>
            new(answer, _cluster, _clients, _gate, time, _metrics, _app.Services.GetRequiredService<ILogger<AdmissionEndpoint>>());
        _app.Run(new HttpEndpoints(Endpoint(reviewer), Endpoint(mutator), _readiness, Certificate, _metricsText, options.Floor).HandleAsync);
    }

    /// <summary>The settings in force.</summary>
    public ConfigurationStore Configuration { get; }

    /// <summary>The certificate, or null for plain HTTP.</summary>
    public ServerCertificate? Certificate { get; }

    /// <summary>Why the files of certificate and client authorities cannot be used, or null.</summary>
    public string? CertificateProblem => _certificateFiles?.Problem ?? _clients?.Problem;

    /// <summary>Where the server listens, once started.</summary>
    public Uri Address
    {
        get
        {
            ICollection<string> addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
            return new Uri(addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal));
        }
    }

    /// <summary>Listens, then warms up and becomes ready.</summary>
    /// <exception cref="IOException">The port cannot be had.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _app.StartAsync(cancellation);
        Log.Started(
            _logger, ProgramVersion.Number, Address.ToString(), Configuration.Current.Mode.Word(), RuleCatalog.All.Count);
        long start = Stopwatch.GetTimestamp();
        int reviews = Warm() + await LoopbackCall.MakeAsync(Address, 3, isReview: _clients is null, cancellation);
        _readiness.WarmedUp();
        _export = OpenTelemetryExport.Start(Environment.GetEnvironmentVariable);
        _metrics.ShowZeros();
        Log.WarmedUp(_logger, reviews, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>Waits until the process is told to stop, and stops.</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    /// <summary>Stops as a signal would.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _export?.Dispose();
        _metricsText.Dispose();
        _gate.Dispose();
        _metrics.Dispose();
    }

    private static void ConfigureLogging(ILoggingBuilder logging, LogFormat format)
    {
        logging.ClearProviders();
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // At Debug it quotes what it cannot read: headers, and bodies that are longer than they say. No setting of the environment turns that on.
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Warning);
        logging.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(static json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddSimpleConsole(static text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = "HH:mm:ss ";
            });
        }
    }

    private void ConfigureKestrel(KestrelServerOptions kestrel, ServeOptions options, Action<KestrelServerLimits>? configure)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = AdmissionEndpoint.MaxBodyBytes;

        // Each costs some 50 KB with TLS. Idle ones are kept for 130 s, longer than the API server keeps them (90 s, kubernetes/apimachinery
        // pkg/util/net/http.go), so that it never sends on one that is just being closed.
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        configure?.Invoke(kestrel.Limits);
        void Listen(ListenOptions listen)
        {
            listen.Protocols = options.IsSecure ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
            if (options.IsSecure)
            {
                // Asked for each connection, so that a new certificate is served from the next one on.
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Certificate!.Options) });
            }
        }

        if (options.Listen is IPAddress address)
        {
            kestrel.Listen(address, options.Port, Listen);
        }
        else
        {
            kestrel.ListenAnyIP(options.Port, Listen);
        }
    }

    private ICertificateKeeper Keeper(ServeOptions options, ApiClient client)
    {
        ILogger<T> Logger<T>() => _app.Services.GetRequiredService<ILogger<T>>();
        var trust = new ServedTrust(Certificate!, _metrics, _time, Logger<ServedTrust>());
        if (options.BuiltIn is not BuiltInOptions builtIn)
        {
            return new TrustWatch(client, options.WebhookConfiguration, trust);
        }

        // Until the Secret is read: a probe has to be answered, and the kubelet looks at no certificate.
        IssuedCertificate meanwhile = IssuedCertificate.Make(builtIn.Hosts, _time.GetUtcNow());
        Certificate!.ServeMeanwhile(meanwhile.CertificatePem, meanwhile.KeyPem);
        var secret = new CertificateSecret(client, builtIn.Namespace, builtIn.Secret, builtIn.Hosts, _time, Logger<CertificateSecret>());
        return new BuiltInCertificates(client, secret, options.WebhookConfiguration, Certificate, trust, _time, Logger<BuiltInCertificates>());
    }

    private AuditLoop Audit(IServiceProvider services)
    {
        string identity = $"{Environment.MachineName}_{Guid.NewGuid():n}";
        var metrics = new AuditMetrics(_metrics);
        var lease = new Lease(_cluster!.Client, ClusterConnection.OwnNamespace(Environment.GetEnvironmentVariable), AuditLoop.LeaseName, identity, _time);
        var publisher = new ReportPublisher(_cluster.Client, identity, metrics, services.GetRequiredService<ILogger<ReportPublisher>>());
        return new AuditLoop(
            () => _cluster.Complete, Configuration, lease, publisher, _time, metrics, services.GetRequiredService<ILogger<AuditLoop>>());
    }

    private IEnumerable<IPolled> Polled()
    {
        yield return new MemoryReturn(new ManagedMemory(), _time, _app.Services.GetRequiredService<ILogger<MemoryReturn>>());
        yield return Configuration;
        if (_certificateFiles is not null)
        {
            yield return _certificateFiles;
        }

        if (_clients is not null)
        {
            yield return _clients;
        }
    }

    // Counts and logs nothing, and enforces whatever the configuration says: the point is to run everything once.
    private int Warm()
    {
        using var metrics = new WebhookMetrics("warm-up");
        var settings = new ConfigurationStore(null, EnforcementSettings.Default, metrics, NullLogger<ConfigurationStore>.Instance);
        return WarmUp.Run(new AdmissionReviewer(settings, static () => ClusterView.Unseen, _time, metrics, NullLogger<AdmissionReviewer>.Instance));
    }
}
