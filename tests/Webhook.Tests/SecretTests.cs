using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Webhook.Admission;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Rules;
using Webhook.Tests.Commands;

namespace Webhook.Tests;

/// <summary>Passwords, keys and tokens in an object reach no output, whatever is wrong with the object.</summary>
public sealed class SecretTests
{
    private const string Secret = "s3cr3t";

    // Each place where people put them, with the rest as wrong as the rules know. What stands in the place of an address is quoted as one.
    public static TheoryData<string> NetworkData =>
    [
        "version: 2\nethernets:\n  eth1: {dhcp4: true, mtu: 1500, gateway4: 10.0.0.1}\nwifis:\n  w: {access-points: {x: {password: s3cr3t}}}\n",
        "version: 2\nethernets: [s3cr3t]\n",
        "#cloud-config\npassword: s3cr3t\nchpasswd: {expire: false}\nssh_authorized_keys: [ssh-ed25519 s3cr3t]\n",
        "#cloud-config\npassword: 's3cr3t\n  ]",
        "{\"token\": \"s3cr3t\"",
        "password: s3cr3t: s3cr3t\n\tx",
        "s3cr3t",
    ];

    public static TheoryData<string, string> Outputs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string command in (string[])["check -o text", "check -o json", "check -o sarif", "check -o junit", "check -o github",
                "audit -o text", "audit -o json", "audit -o sarif", "audit -o junit", "audit -o policyreport", "audit -o html", "path -o text", "path -o json"])
            {
                foreach (TheoryDataRow<string> row in NetworkData)
                {
                    data.Add(command, row.Data);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task No_command_prints_one(string command, string networkData)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("vm.yaml", Machine(networkData));
        string[] words = command.Split(' ');
        Run run = await Run.Of(words[0] == "path" ? ["path", "vm/b/a", file, .. words[1..]] : [.. words, file]);
        Assert.DoesNotContain(Secret, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
        Assert.NotEmpty(run.Output + run.Error);
    }

    [Theory]
    [MemberData(nameof(NetworkData))]
    public void No_answer_log_line_or_metric_holds_one(string networkData)
    {
        string @object = Webhook.Resources.Manifests.ManifestReader.Read(Machine(networkData)).First().Root.Element.GetRawText();
        foreach (EnforcementMode mode in Enum.GetValues<EnforcementMode>())
        {
            foreach (string sent in (string[])[@object, @object.Replace("\"VirtualMachine\"", "\"Pod\"", StringComparison.Ordinal), $"\"{Secret}\"", $"[\"{Secret}\"]"])
            {
                using var metrics = new WebhookMetrics();
                using var text = new MetricsText(metrics);
                var log = new KeptLog();
                var settings = new ConfigurationStore(null, new EnforcementSettings { Mode = mode }, metrics, NullLogger<ConfigurationStore>.Instance);
                var reviewer = new AdmissionReviewer(settings, static () => ClusterView.Unseen, TimeProvider.System, metrics, log);
                string body = "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u\",\"operation\":\"CREATE\",\"kind\":"
                    + $"{{\"group\":\"kubevirt.io\",\"version\":\"v1\",\"kind\":\"VirtualMachine\"}},\"name\":\"a\",\"namespace\":\"b\",\"object\":{sent}}}}}";
                Assert.True(AdmissionReview.TryRead(Encoding.UTF8.GetBytes(body), out AdmissionReview? review, out _));
                using (review)
                {
                    Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(AdmissionResponseWriter.Write("u", reviewer.Review(review))), StringComparison.Ordinal);
                }

                Assert.DoesNotContain(Secret, log.Text.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(Secret, text.Write(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_body_that_is_no_review_is_not_quoted()
    {
        foreach (string body in (string[])["s3cr3t", "{\"s3cr3t\":", "[\"s3cr3t\"", "\"s3cr3t\"", "{\"request\":\"s3cr3t\"}"])
        {
            Assert.False(AdmissionReview.TryRead(Encoding.UTF8.GetBytes(body), out _, out string? error));
            Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
        }
    }

    private static string Machine(string networkData) =>
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: a
          namespace: b
          labels: {infoscale.internal/cluster: erp}
          annotations:
            infoscale.internal/nic-roles: llt1=llt
            kubectl.kubernetes.io/last-applied-configuration: '{"password":"s3cr3t"}'
        spec:
          template:
            spec:
              accessCredentials: [{userPassword: {source: {secret: {secretName: s3cr3t}}}}]
              domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}
              networks: [{name: llt1, multus: {networkName: llt1}}]
              volumes:
              - name: ci
                cloudInitNoCloud:
                  userData: |
                    #cloud-config
                    password: s3cr3t
                    write_files: [{path: /etc/token, content: s3cr3t}]
                  networkDataBase64: DATA
              - name: sysprep
                sysprep: {secret: {name: s3cr3t}}
        """.Replace("DATA", Convert.ToBase64String(Encoding.UTF8.GetBytes(networkData)), StringComparison.Ordinal);

    private sealed class KeptLog : ILogger<AdmissionReviewer>
    {
        public StringBuilder Text { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Text.Append(formatter(state, exception)).Append(exception).Append('\n');
    }
}
