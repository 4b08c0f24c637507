using Microsoft.Extensions.Logging.Abstractions;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Tests.Commands;
using Webhook.Tests.Hosting;

namespace Webhook.Tests.Configuration;

public sealed class ReloadTests
{
    [Fact]
    public void A_changed_configuration_is_taken_over_and_a_bad_one_leaves_the_last_good_one()
    {
        using var folder = new TemporaryFolder();
        using var metrics = new WebhookMetrics();
        using var text = new MetricsText(metrics);
        string file = folder.Write("config.yaml", "mode: warn\n");
        EnforcementSettings initial = ConfigurationFile.Read(file, out _)!;
        var store = new ConfigurationStore(file, initial, metrics, NullLogger<ConfigurationStore>.Instance);

        store.Poll();
        Assert.Same(initial, store.Current);

        folder.Write("config.yaml", "mode: audit\n");
        store.Poll();
        Assert.Equal(EnforcementMode.Audit, store.Current.Mode);

        folder.Write("config.yaml", "mode: nonsense\n");
        store.Poll();
        store.Poll();
        Assert.Equal(EnforcementMode.Audit, store.Current.Mode);

        File.Delete(file);
        store.Poll();
        Assert.Equal(EnforcementMode.Audit, store.Current.Mode);

        folder.Write("config.yaml", "mode: enforce\n");
        store.Poll();
        Assert.Equal(EnforcementMode.Enforce, store.Current.Mode);

        string counted = text.Write();
        Assert.Contains("configuration_reloads_total{result=\"taken\"} 2\n", counted, StringComparison.Ordinal);
        Assert.Contains("configuration_reloads_total{result=\"rejected\"} 2\n", counted, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_is_taken_over_when_a_volume_swaps_its_symbolic_link()
    {
        using var folder = new TemporaryFolder();
        using var metrics = new WebhookMetrics();
        folder.Write("..2026_1/config.yaml", "mode: warn\n");
        folder.Write("..2026_2/config.yaml", "mode: off\n");
        string data = Path.Combine(folder.Path, "..data"), file = Path.Combine(folder.Path, "config.yaml");
        Directory.CreateSymbolicLink(data, "..2026_1");
        File.CreateSymbolicLink(file, "..data/config.yaml");
        var store = new ConfigurationStore(file, ConfigurationFile.Read(file, out _)!, metrics, NullLogger<ConfigurationStore>.Instance);
        Assert.Equal(EnforcementMode.Warn, store.Current.Mode);

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "..2026_2");
        store.Poll();
        Assert.Equal(EnforcementMode.Off, store.Current.Mode);
    }

    [Fact]
    public void A_changed_certificate_is_served_and_a_bad_one_leaves_the_last_good_one()
    {
        using var folder = new TemporaryFolder();
        using var metrics = new WebhookMetrics();
        using var text = new MetricsText(metrics);
        (string certificate, string key) = TestCertificate.Write(folder, "first.test");
        var served = new ServerCertificate(metrics, NullLogger<ServerCertificate>.Instance);
        var files = new CertificateFiles(certificate, key, served, metrics, NullLogger<CertificateFiles>.Instance);
        Assert.Equal("CN=first.test", Subject(served));
        Assert.Contains("certificate_expiry_timestamp_seconds 3155760000\n", text.Write(), StringComparison.Ordinal);

        TestCertificate.Write(folder, "second.test");
        files.Poll();
        Assert.Equal("CN=second.test", Subject(served));

        folder.Write("tls.crt", "no certificate");
        files.Poll();
        Assert.Equal("CN=second.test", Subject(served));
        Assert.NotNull(files.Problem);

        string otherKey;
        using (var other = new TemporaryFolder())
        {
            otherKey = File.ReadAllText(TestCertificate.Write(other, "third.test").Key);
        }

        TestCertificate.Write(folder, "fourth.test");
        folder.Write("tls.key", otherKey);
        files.Poll();
        Assert.Equal("CN=second.test", Subject(served));

        TestCertificate.Write(folder, "fifth.test");
        files.Poll();
        Assert.Equal("CN=fifth.test", Subject(served));
        Assert.Null(files.Problem);
    }

    [Theory]
    [InlineData("tls.crt")]
    [InlineData("tls.key")]
    public void A_missing_file_is_named(string missing)
    {
        using var folder = new TemporaryFolder();
        using var metrics = new WebhookMetrics();
        (string certificate, string key) = TestCertificate.Write(folder, "first.test");
        File.Delete(Path.Combine(folder.Path, missing));
        var served = new ServerCertificate(metrics, NullLogger<ServerCertificate>.Instance);
        var files = new CertificateFiles(certificate, key, served, metrics, NullLogger<CertificateFiles>.Instance);
        Assert.False(served.IsLoaded);
        Assert.Contains(missing, files.Problem, StringComparison.Ordinal);
    }

    private static string Subject(ServerCertificate served) => served.Options.ServerCertificateContext!.TargetCertificate.Subject;
}
