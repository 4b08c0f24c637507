using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Webhook.Admission;
using Webhook.Audit;
using Webhook.Checking;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Resources.Yaml;
using Webhook.Rules;
using Webhook.Tests.Commands;

namespace Webhook.Tests;

/// <summary>Passwords, keys and tokens in an object reach no output, whatever is wrong with the object.</summary>
public sealed class SecretTests(FakeCluster cluster) : IClassFixture<FakeCluster>
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
                "audit -o text", "audit -o json", "audit -o sarif", "audit -o junit", "audit -o policyreport", "audit -o html", "path -o text", "path -o json", "path -o mermaid", "path -o svg", "path --ping",
                "fix", "fix --unsafe --as iscsi", "check --as iscsi", "check --fail-on never --as llt"])
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

    // Each breaks off the manifest, or makes it none, at another place near the password.
    public static TheoryData<string> Broken =>
    [
        "          userData: |\n            password: s3cr3t\n           x: [\n", "          userData: \"password: s3cr3t\n", "          password: s3cr3t: s3cr3t\n",
        "  s3cr3t\n\t- s3cr3t: {", "{\"password\": \"s3cr3t\"", "&s3cr3t *s3cr3t\n", "!!s3cr3t x: 1\n", "%s3cr3t\n",
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_manifest_that_cannot_be_read_is_not_quoted(string end)
    {
        using var folder = new TemporaryFolder();
        string good = Machine("version: 2\n");
        foreach (string text in (string[])[good + "\n" + end, end, good + "\n---\n" + end, end + "\n---\n" + good, good[..good.IndexOf("    write_files", StringComparison.Ordinal)] + "\n" + end])
        {
            string file = folder.Write("vm.yaml", text);
            foreach (string[] command in (string[][])[["check", file], ["check", "-o", "json", file], ["audit", file], ["fix", file], ["path", file], ["check", "--config", file, file], ["snapshot", "-o", Path.Combine(folder.Path, "out"), "--kubeconfig", file]])
            {
                Run run = await Run.Of(command);
                Assert.DoesNotContain(Secret, run.Output + run.Error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_diff_of_a_fix_ends_before_one_and_can_be_applied()
    {
        const string Text =
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: s}
            stringData:
              a: s3cr3t
            ---
            {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: b, labels: {infoscale.internal/role: llt}},
              spec: {config: '{"type": "bridge", "bridge": "br-llt1"}'}}
            ---
            kind: Secret
            data: {a: s3cr3t}

            """;
        Run run = await Run.OfInput(Text, "fix", "-");
        Assert.Equal(
            """
            --- a/stdin
            +++ b/stdin
            @@ -6,5 +6,5 @@
             ---
             {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: b, labels: {infoscale.internal/role: llt}},
            -  spec: {config: '{"type": "bridge", "bridge": "br-llt1"}'}}
            +  spec: {config: '{"type": "bridge", "bridge": "br-llt1", "mtu": 9000}'}}
             ---
             kind: Secret

            """, run.Output);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_line_that_holds_one_shows_stars_in_the_diff_and_that_is_told()
    {
        const string Text =
            """
            apiVersion: k8s.cni.cncf.io/v1
            kind: NetworkAttachmentDefinition
            metadata: {name: llt1, namespace: b, labels: {infoscale.internal/role: llt}}
            spec: {config: '{"type": "bridge", "bridge": "br-llt1", "token": "s3cr3t"}'}

            """;
        Run run = await Run.OfInput(Text, "fix", "-");
        Assert.Contains("\n-spec: {config: '{\"type\": \"bridge\", \"bridge\": \"br-llt1\", \"token\": ***}'}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"token\": ***, \"mtu\": 9000}'}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("2 changed lines show *** for what may be secret: patch cannot apply the diff, --write can\n", run.Error, StringComparison.Ordinal);
        Assert.Contains(Secret, (await Run.OfInput(Text, "fix", "--write", "-")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NetworkData))]
    public void No_answer_log_line_or_metric_holds_one(string networkData)
    {
        string @object = ManifestReader.Read(Machine(networkData)).First().Root.Json;
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
                var mutator = new AdmissionMutator(settings, static () => ClusterView.Unseen, TimeProvider.System, metrics, log);
                foreach (IReviewer one in (IReviewer[])[reviewer, mutator])
                {
                    AdmissionResponse response = one.Review(review);
                    Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(AdmissionResponseWriter.Write("u", response)), StringComparison.Ordinal);
                    Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(response.Patch ?? []), StringComparison.Ordinal);
                }

                Assert.DoesNotContain(Secret, log.Text.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(Secret, text.Write(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(NetworkData))]
    public void No_report_or_event_of_the_audit_holds_one(string networkData)
    {
        Field machine = ManifestReader.Read(Machine(networkData)).First().Root;
        ClusterObjects cluster = ClusterObjects.Empty.Replace(ClusterKind.VirtualMachine, [machine]);
        IReadOnlyList<CheckedObject> results = new AuditRun(EnforcementSettings.Default, Run.Now).Judge(cluster, null, TestContext.Current.CancellationToken);
        Assert.NotEmpty(results);
        foreach (ReportApi api in (ReportApi[])[ReportApi.PolicyReports, ReportApi.OpenReports])
        {
            foreach (ReportWrite write in new ReportBook(api).Plan(results, true, Run.Now))
            {
                Assert.DoesNotContain(Secret, $"{write.Report} {write.Change?.Before} {write.Change?.Now}", StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("wifis: {w: {access-points: {x: {password: s3cr3t}}}}")]
    [InlineData("wifis:\n  w:\n    access-points:\n      x: {password: 's3cr3t', hidden: true}\n    auth:\n      client-key-password: \"s3\\\"s3cr3t\"\n")]
    [InlineData("{\"wifis\": {\"w\": {\"auth\": {\"password\": \"s3cr3t\"}}}}")]
    public async Task A_snapshot_holds_none(string networkData)
    {
        using var folder = new TemporaryFolder();
        string encoded = $"networkDataBase64: {Convert.ToBase64String(Encoding.UTF8.GetBytes(networkData))}";

        // The name of a Secret is none.
        string text = Machine(networkData).Replace("sysprep: {secret: {name: s3cr3t}}", "emptyDisk: {}", StringComparison.Ordinal);
        foreach (string written in (string[])[text, text.Replace(encoded, $"networkData: {JsonValue.Create(networkData).ToJsonString()}", StringComparison.Ordinal)])
        {
            cluster.Objects = FakeCluster.Read(written);
            string file = Path.Combine(folder.Path, "cluster.json");
            Run run = await Run.Of("snapshot", "-o", file, "--kubeconfig", folder.Write("kubeconfig", cluster.Kubeconfig));
            Assert.Equal(0, run.Code);
            byte[] snapshot = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.DoesNotContain(Secret, run.Output + run.Error + Encoding.UTF8.GetString(snapshot), StringComparison.Ordinal);
            Assert.True(SnapshotFile.TryRead(new MemoryStream(snapshot), out ClusterRecording? recording, out _));
            Field volume = Assert.IsType<VirtualMachine>(Assert.Single(recording!.View().Judged())).InstanceSpec["volumes"][0]["cloudInitNoCloud"];
            string kept = volume["networkData"].Text ?? Encoding.UTF8.GetString(Convert.FromBase64String(volume["networkDataBase64"].Text!));
            Assert.DoesNotContain(Secret, kept, StringComparison.Ordinal);
            Assert.True(YamlText.TryParse(kept, out _, out _), kept);
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

    private sealed class KeptLog : ILogger<AdmissionReviewer>, ILogger<AdmissionMutator>
    {
        public StringBuilder Text { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Text.Append(formatter(state, exception)).Append(exception).Append('\n');
    }
}
