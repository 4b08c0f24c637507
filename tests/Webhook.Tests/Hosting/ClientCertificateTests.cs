using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webhook.Certificates;
using Webhook.Hosting;
using Webhook.Tests.Commands;

namespace Webhook.Tests.Hosting;

/// <summary>With <c>--client-ca</c> a review is answered to clients of these authorities only, and probes to everybody.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private const string Review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE","kind":{"group":"","version":"v1","kind":"Pod"}}}
        """;

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TemporaryFolder _folder = new();
    private readonly Authority _own = new(), _other = new();

    public void Dispose()
    {
        _folder.Dispose();
        _own.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("none", HttpStatusCode.Forbidden, "a client certificate is needed, and none was sent")]
    [InlineData("own", HttpStatusCode.OK, "\"uid\":\"u\"")]
    [InlineData("of another authority", HttpStatusCode.Forbidden, "the client certificate is not trusted")]
    [InlineData("expired", HttpStatusCode.Forbidden, "the client certificate is not trusted")]
    [InlineData("of a server", HttpStatusCode.Forbidden, "the client certificate is not trusted")]
    [InlineData("of another name", HttpStatusCode.Forbidden, "the client certificate has another name than the allowed ones")]
    public async Task A_review_is_answered_to_a_client_with_a_certificate_of_the_authority(string client, HttpStatusCode code, string text)
    {
        await using RunningServer server = await StartAsync();
        using X509Certificate2? certificate = client switch
        {
            "own" => _own.Issue("kube-apiserver", Now.AddDays(1), AuthorityBundle.ClientUse),
            "of another authority" => _other.Issue("kube-apiserver", Now.AddDays(1), AuthorityBundle.ClientUse),
            "expired" => _own.Issue("kube-apiserver", Now.AddHours(-1), AuthorityBundle.ClientUse),
            "of a server" => _own.Issue("kube-apiserver", Now.AddDays(1), AuthorityBundle.ServerUse),
            "of another name" => _own.Issue("kubelet", Now.AddDays(1), AuthorityBundle.ClientUse),
            _ => null,
        };
        using HttpClient http = Client(server, certificate);
        foreach (string path in (string[])["/validate", "/mutate", "/validate"])
        {
            using HttpResponseMessage answer = await http.PostAsync(
                new Uri(path, UriKind.Relative), RunningServer.Json(System.Text.Encoding.UTF8.GetBytes(Review)), TestContext.Current.CancellationToken);
            Assert.Equal(code, answer.StatusCode);
            Assert.Contains(text, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        foreach (string path in (string[])["/livez", "/readyz", "/metrics", "/version"])
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_authorities_are_read_again_and_a_bad_file_leaves_the_last_good_ones()
    {
        string file = _folder.Write("clients.crt", _own.Pem);
        var clients = new ClientAuthorities(file, [], TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ClientAuthorities>.Instance);
        using X509Certificate2 own = _own.Issue("a", Now.AddDays(1), AuthorityBundle.ClientUse), other = _other.Issue("a", Now.AddDays(1), AuthorityBundle.ClientUse);
        Assert.Equal((true, false), (clients.Refusal(own) is null, clients.Refusal(other) is null));

        await File.WriteAllTextAsync(file, _other.Pem, TestContext.Current.CancellationToken);
        clients.Poll();
        Assert.Equal((false, true), (clients.Refusal(own) is null, clients.Refusal(other) is null));

        await File.WriteAllTextAsync(file, "nothing", TestContext.Current.CancellationToken);
        clients.Poll();
        Assert.Contains("holds no certificate", clients.Problem, StringComparison.Ordinal);
        Assert.Equal((false, true), (clients.Refusal(own) is null, clients.Refusal(other) is null));
    }

    [Theory]
    [InlineData("--client-ca asks for a certificate over HTTPS", "--dev", "--client-ca", "x")]
    [InlineData("--client-name is for certificates of --client-ca", "--dev", "--client-name", "x")]
    public async Task A_wrong_command_line_says_what_is_wrong(string reason, params string[] arguments)
    {
        Run run = await Run.Of(["serve", .. arguments]);
        Assert.Equal(2, run.Code);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_an_authority_stops_the_start()
    {
        (string certificate, string key) = TestCertificate.Write(_folder, "webhook.test");
        Run run = await Run.Of("serve", "--cert", certificate, "--key", key, "--client-ca", _folder.Write("none.crt", "x"), "--no-cluster", "--log", "text");
        Assert.Equal(2, run.Code);
        Assert.Contains("none.crt holds no certificate of an authority", run.Error, StringComparison.Ordinal);
    }

    private Task<RunningServer> StartAsync()
    {
        (string certificate, string key) = TestCertificate.Write(_folder, "webhook.test");
        return RunningServer.StartAsync(new ServeOptions
        {
            CertificateFile = certificate,
            KeyFile = key,
            ClientAuthorityFile = _folder.Write("clients.crt", _own.Pem),
            ClientNames = ["kube-apiserver"],
        });
    }

    private static HttpClient Client(RunningServer server, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler();
#pragma warning disable CA5359 // The certificate of the server is not what is looked at here.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        if (certificate is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return new HttpClient(handler) { BaseAddress = server.Server.Address };
    }

    /// <summary>An authority that signs certificates of any use.</summary>
    private sealed class Authority : IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly X509Certificate2 _certificate;

        public Authority()
        {
            var request = new CertificateRequest("CN=clients", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
            _certificate = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
        }

        public string Pem => _certificate.ExportCertificatePem();

        public X509Certificate2 Issue(string name, DateTimeOffset until, Oid use)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], false));
            using X509Certificate2 certificate = request.Create(_certificate, Now.AddDays(-1), until, RandomNumberGenerator.GetBytes(8));
            return certificate.CopyWithPrivateKey(key);
        }

        public void Dispose()
        {
            _certificate.Dispose();
            _key.Dispose();
        }
    }
}
