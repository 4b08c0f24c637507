using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Webhook.Admission;
using Webhook.Checking;
using Webhook.Cluster;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Fixing;
using Webhook.Hosting;
using Webhook.Resources;
using Webhook.Resources.Editing;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Resources.Yaml;
using Webhook.Rules;

namespace Webhook.Tests.Fuzzing;

/// <summary>A parser, the texts that are spoiled for it, and what must hold for whatever comes of them.</summary>
/// <param name="Texts">Texts that it reads.</param>
/// <param name="Read">Reads bytes that may be anything; throws where what must hold does not.</param>
internal sealed record Fuzzed(IReadOnlyList<string> Texts, Action<byte[]> Read)
{
    /// <summary>The most bytes of memory that reading one text may take in all. An alias may stand for 20,000 nodes.</summary>
    public const long MaxAllocated = 512L * 1024 * 1024;

    private const string NodePolicy =
        """
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: w, labels: {infoscale.internal/role: mixed}, annotations: {infoscale.internal/interface-roles: "br-llt1=llt, bond0.30=iscsi", infoscale.internal/switch-mtu: "9216"}}
        spec:
          nodeSelector: {kubernetes.io/hostname: worker-1}
          desiredState:
            interfaces:
            - {name: ens3f0, type: ethernet, mtu: "9000", ipv4: {enabled: true, dhcp: false, address: [{ip: 10.0.0.1, prefix-length: 24}]}}
            - {name: bond0, type: bond, mtu: 9000, link-aggregation: {mode: active-backup, port: [ens3f0, ens3f1]}}
            - {name: bond0.30, type: vlan, vlan: {base-iface: bond0, id: 30}, mtu: 9000}
            - {name: br-llt1, type: ovs-bridge, bridge: {port: [{name: bond0}, {name: ovs0}]}}
            - {name: ovs0, type: ovs-interface, mtu: 8990, ipv6: {autoconf: true}}
            ovn: {bridge-mappings: [{localnet: physnet-llt1, bridge: br-llt1, state: present}]}
            routes: {config: [{destination: 0.0.0.0/0, next-hop-interface: ens3f0}]}
        """;

    private const string Chain =
        """
        {"cniVersion": "0.3.1", "name": "llt1", "plugins": [{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "mtu": 8990, "vlanID": 30,
         "physicalNetworkName": "physnet-llt1", "netAttachDefName": "erp-db/llt1", "subnets": "10.0.0.0/24", "allowPersistentIPs": true},
         {"type": "tuning", "mtu": 9000, "ipam": {"type": "static", "addresses": [{"address": "10.0.0.1/24"}]}}]}
        """;

    private const string Version1 =
        """
        version: 1
        config:
        - type: physical
          name: eth0
          mac_address: '02:50:00:0e:01:11'
          mtu: 1500
          subnets: [{type: static, address: 172.30.1.11, netmask: 255.255.255.0, gateway: 172.30.1.1, mtu: 8990}, {type: dhcp4}, {type: ipv6_slaac}]
        - {type: bond, name: bond0, bond_interfaces: [eth0, eth1], params: {}, subnets: [{type: static6, address: 'fd00::11/64'}]}
        - {type: vlan, name: eth0.30, vlan_link: eth0, vlan_id: 30, subnets: [{type: static, address: 10.0.0.1/24, routes: [{network: 0.0.0.0, netmask: 0.0.0.0, gateway: 10.0.0.9}]}]}
        - {type: nameserver, address: [10.0.0.2], interface: eth0.30}
        """;

    private const string Version2 =
        """
        network:
          version: 2
          ethernets:
            llt1:
              match: {macaddress: "02:50:00:0E:01:11"}
              set-name: llt1
              mtu: 8990
              dhcp4: no
              addresses: [172.30.1.11/24, {"fd00::11/64": {lifetime: 0}}]
              routes:
              - to: 10.0.0.0/8
                via: 172.30.1.1
            any: &any
              match: {name: "e[a-z!0]*"}
              dhcp6: "true"
              accept-ra: true
          bonds:
            bond0: {<<: *any, interfaces: [llt1, eth9], addresses: [10.1.0.1/16]}
          vlans:
            v30: {link: bond0, id: 30, routes: [{to: default, via: 10.1.0.9}]}
        """;

    private const string OpenStack =
        """
        {"links": [{"id": "l1", "type": "phy", "ethernet_mac_address": "02:50:00:0e:01:11", "mtu": 8990}, {"id": "b", "type": "bond", "bond_links": ["l1"]},
          {"id": "v", "type": "vlan", "vlan_link": "b", "vlan_id": 30, "vlan_mac_address": "02:50:00:0e:01:12"}],
         "networks": [{"id": "n1", "link": "l1", "type": "ipv4", "ip_address": "172.30.1.11", "netmask": "255.255.255.0"}, {"id": "n2", "link": "v", "type": "ipv6_slaac"},
          {"id": "n5", "link": "v", "type": "ipv6", "ip_address": "fd00::1/64", "routes": [{"network": "::", "netmask": "::", "gateway": "fd00::9"}]}],
         "services": [{"type": "dns", "address": "10.0.0.3"}]}
        """;

    private const string Kubeconfig =
        """
        apiVersion: v1
        kind: Config
        current-context: a
        contexts: [{name: a, context: {cluster: a, user: a, namespace: erp-db}}, {name: b, context: {cluster: b, user: b}}]
        clusters:
        - {name: a, cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: AAAA, tls-server-name: api, proxy-url: "http://127.0.0.1:1"}}
        - {name: b, cluster: {server: "https://[::1]:6443/path", insecure-skip-tls-verify: true}}
        users:
        - {name: a, user: {client-certificate-data: AAAA, client-key-data: AAAA}}
        - {name: b, user: {token: t, exec: {apiVersion: client.authentication.k8s.io/v1, command: "/nonexistent", args: [x], env: [{name: a, value: b}], interactiveMode: Never}}}
        """;

    private const string Settings =
        """
        mode: warn
        modes: {nad-mtu-not-jumbo: audit}
        strictest: enforce
        mtu: {node: 9000, ovsOverhead: 10, clusterNetwork: 1400}
        addresses: {nodeStatic: optional}
        storage: {bootDisk: warn, unknown: error, local: ignore, drivers: {csi.example.com: iscsi}, classes: {san: iscsi}}
        exemptions:
          horizonDays: 30
          granted: [{rule: nad-mtu-not-jumbo, namespace: erp-db, kind: VirtualMachine, name: a, reason: long enough a reason, until: '2026-09-01'}]
        rules: {vm-single-llt-link: off}
        onRuleFailure: deny
        """;

    private static readonly Field[] World = [.. ManifestReader.Read(NodePolicy + "\n---\n" + Network(Chain)).Select(static manifest => manifest.Root)];

    /// <summary>Every parser by its name.</summary>
    public static IReadOnlyDictionary<string, Fuzzed> Parsers { get; } = new Dictionary<string, Fuzzed>(StringComparer.Ordinal)
    {
        ["json"] = new([Chain, OpenStack, "[1, -0.0, 1e308, \"\\u00e9\\n\", null, true, {\"a\": {}}]"], OfText(Json)),
        ["yaml"] = new([Version1, Version2, NodePolicy, Settings, "a: |+\n  x\n\nb: >-\n  y\nc: !!binary AAAA\n"], OfText(Yaml)),
        ["manifest"] = new([NodePolicy, Network(Chain), Machine(Version2), $"{NodePolicy}\n---\n{Network(Chain)}\n---\n{Machine(Version1)}"], OfText(Manifests)),
        ["cni-configuration"] = new([Chain, """{"type": "bridge", "bridge": "br0", "vlan": 30, "mtu": 1500, "ipam": {}}"""], OfText(Cni)),
        ["cloud-init-version-1"] = new([Version1], OfText(NetworkData)),
        ["cloud-init-version-2"] = new([Version2], OfText(NetworkData)),
        ["openstack-network-data"] = new([OpenStack], OfText(NetworkData)),
        ["cloud-init-base64"] = new([Convert.ToBase64String(Encoding.UTF8.GetBytes(Version2))], OfText(static text => Judge(Machine(text, key: "networkDataBase64")))),
        ["annotations"] = new(
            ["llt1=llt,san0=iscsi", """{"llt1":["172.30.1.11/24"]}""", "nad-mtu-not-jumbo, vm-dynamic-address", "2026-09-01T12:00:00+02:00", "2026-06-30", "9216", "none"],
            OfText(Annotations)),
        ["configuration"] = new([Settings], OfText(Configuration)),
        ["kubeconfig"] = new([Kubeconfig], KubeConfiguration),
        ["admission-review"] = new([Review("CREATE"), Review("UPDATE")], AdmissionReviews),
        ["snapshot"] = new([Snapshot()], Snapshots),
        ["list"] = new([$$"""{"kind":"List","metadata":{"resourceVersion":"7","continue":"x"},"items":[{{Compact(NodePolicy)}},null,{"a":"}]\""}]}"""], Lists),
        ["watch"] = new([Events()], Watches),
        ["editor"] = new([Version2, NodePolicy, Network(Chain), Compact(NodePolicy)], OfText(Edits)),
        ["fix"] = new([Network("{\"type\": \"bridge\", \"bridge\": \"br0\"}"), NodePolicy.Replace("mtu: 9000, ", "", StringComparison.Ordinal), Machine(Version2)], OfText(Fixes)),
    };

    private static Action<byte[]> OfText(Action<string> read) => bytes => read(Encoding.UTF8.GetString(bytes));

    private static void Json(string text)
    {
        bool isRead = JsonText.TryParse(text, FieldPath.Root, out Field root, out DocumentError? error);
        Assert.Equal(isRead, error is null);
        if (isRead)
        {
            AssertAlike(JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = JsonText.MaxDepth }), root);
        }
        else
        {
            AssertWithin(text, error!.Position);
        }
    }

    // Value by value as the library has it, and found again by path unless a repeated name hides it.
    private static void AssertAlike(JsonElement expected, Field field)
    {
        Assert.Equal(expected.GetRawText(), field.Json);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.GetPropertyCount(), field.Count);
                foreach ((JsonProperty property, Field member) in expected.EnumerateObject().Zip(field.Members()))
                {
                    Assert.Equal(property.Name, member.Name);
                    Assert.Equal(property.Name, member.Path.Name);
                    Assert.Equal(expected.GetProperty(property.Name).GetRawText(), field[property.Name].Json);
                    AssertAlike(property.Value, member);
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), field.Count);
                foreach ((JsonElement element, Field item) in expected.EnumerateArray().Zip(field.Items()))
                {
                    Assert.Equal(item, field[item.Path.Index]);
                    AssertAlike(element, item);
                }

                break;
            case JsonValueKind.String:
                Assert.Equal(expected.GetString(), field.Text);
                Assert.True(field.Is(field.Text!));
                break;
            case JsonValueKind.Number:
                Assert.Equal(expected.TryGetInt64(out long number) ? number : null, field.Integer);
                break;
            default:
                Assert.Equal(expected.ValueKind is JsonValueKind.Null ? null : expected.GetBoolean(), field.Boolean);
                break;
        }
    }

    // What the short way reads, the library reads alike.
    private static void Yaml(string text)
    {
        bool isRead = YamlText.TryParse(text, out YamlDocument? document, out DocumentError? error);
        Assert.Equal(YamlText.TryParseFully(text, out YamlDocument? full, out DocumentError? fullError), isRead);
        Assert.Equal(full?.Value.Json, document?.Value.Json);
        Assert.Equal(fullError, error);
        Assert.Equal(isRead, error is null);
        if (isRead)
        {
            AssertAlike(JsonElement.Parse(document!.Value.Json, new JsonDocumentOptions { MaxDepth = YamlText.MaxDepth + 2 }), document.Value);
            Walk(document.Value, field => AssertWithin(text, document.Locate(field.Path)));
        }
    }

    private static bool AssertWithin(string text, Position position)
    {
        Assert.InRange(position.Line, 1, text.Length + 1);
        Assert.InRange(position.Column, 0, text.Length + 2);
        return true;
    }

    // Places are looked for in order, so those of a long document are sampled.
    private static void Walk(Field root, Func<Field, bool> visit)
    {
        int seen = 0;
        Visit(root);

        void Visit(Field field)
        {
            _ = (field.ToString(), field.Text, field.Integer, field.Boolean, field.Path.ToString());
            if (seen++ < 200)
            {
                visit(field);
            }

            foreach (Field item in field.Items())
            {
                Visit(item);
            }

            foreach (Field member in field.Members())
            {
                Visit(member);
            }
        }
    }

    private static void Manifests(string text)
    {
        var check = new FileCheck(EnforcementSettings.Default, NetworkRole.Llt, Commands.Run.Now);
        check.Add(new ManifestFile("a.yaml", text, null));
        CheckReport report = check.Report();
        Assert.Equal(0, report.Failures);
        Assert.DoesNotContain(report.Unreadable, static part => part.Reason.Contains("defect", StringComparison.Ordinal));
    }

    private static void Cni(string text)
    {
        var configuration = CniConfiguration.Read(Field.Parse(Quoted(text), FieldPath.Root.Property("config")));
        Assert.True(configuration.Error is null || configuration.Plugins.Count == 0);
        if (configuration.Error is not null)
        {
            AssertWithin(text, configuration.Error.Position);
        }

        Judge(Network(text));
    }

    private static void NetworkData(string text)
    {
        Judge(Machine(text));
        Judge(Machine(text, carrier: "cloudInitConfigDrive"));
    }

    private static void Judge(string manifest) => Judge(Assert.Single(ManifestReader.Read(manifest)).Root);

    private static void Judge(Field root)
    {
        KubernetesObject subject = ResourceKinds.View(root)!;
        var context = new RuleContext { Now = Commands.Run.Now, Cluster = ClusterObjects.Given([.. World, root]) };
        Judgement judgement = Webhook.Enforcement.Judge.Evaluate(subject, context, EnforcementSettings.Default);
        Assert.True(judgement.Failures.IsEmpty, string.Join('\n', judgement.Failures.Select(static failure => $"{failure.Rule}: {failure.Exception}")));
        Assert.All(judgement.Findings, static finding => Assert.InRange(finding.Line.Length, 1, Finding.MaxLength));
    }

    private static void Annotations(string text)
    {
        foreach (string manifest in (string[])[NodePolicy, Network(Chain), Machine(Version2)])
        {
            JsonNode node = JsonNode.Parse(Compact(manifest))!;
            JsonObject annotations = [];
            foreach (string key in (string[])["nic-roles", "interface-roles", "static-addresses", "switch-mtu", "exempt", "exempt-reason", "exempt-until"])
            {
                annotations["infoscale.internal/" + key] = text;
            }

            node["metadata"]!["annotations"] = annotations;
            Judge(Field.Parse(node.ToJsonString()));
        }
    }

    private static void Configuration(string text)
    {
        EnforcementSettings? settings = ConfigurationReader.Read(text, out IReadOnlyList<ConfigurationError> errors);
        Assert.Equal(settings is null, errors.Count > 0);
        Assert.All(errors, static error => Assert.DoesNotContain('\n', error.Line("c.yaml")));
    }

    private static void KubeConfiguration(byte[] bytes)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, bytes);
            _ = KubeConfig.Contexts([file]);
            bool connects = KubeConfig.TryConnect([file], null, TimeProvider.System, out ClusterConnection? connection, out string? problem);
            Assert.Equal((connects, connects), (connection is not null, problem is null));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void AdmissionReviews(byte[] body)
    {
        _ = ReviewUid.Find(body);
        byte[] cut = [.. body];
        int length = ManagedFields.Cut(cut);
        Assert.InRange(length, 0, body.Length);
        if (!AdmissionReview.TryRead(cut.AsMemory(0, length), out AdmissionReview? review, out string? error))
        {
            Assert.NotEmpty(error);
            return;
        }

        using var metrics = new WebhookMetrics();
        var settings = new ConfigurationStore(null, EnforcementSettings.Default, metrics, NullLogger<ConfigurationStore>.Instance);
        var reviewer = new AdmissionReviewer(settings, static () => ClusterObjects.Given(World), TimeProvider.System, metrics, NullLogger<AdmissionReviewer>.Instance);
        var mutator = new AdmissionMutator(settings, static () => ClusterObjects.Given(World), TimeProvider.System, metrics, NullLogger<AdmissionMutator>.Instance);
        foreach (IReviewer one in (IReviewer[])[reviewer, mutator])
        {
            string answer = Encoding.UTF8.GetString(AdmissionResponseWriter.Write(review.Uid, one.Review(review)));
            Assert.Equal(review.Uid, (string?)JsonNode.Parse(answer)!["response"]!["uid"]);
            Assert.DoesNotContain("\"failed\"", answer, StringComparison.Ordinal);
        }
    }

    private static void Snapshots(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        bool isRead = SnapshotFile.TryRead(stream, out ClusterRecording? recording, out string? problem);
        Assert.Equal((isRead, isRead), (recording is not null, problem is null));
        _ = recording?.View().Judged().Count();
    }

    private static void Lists(byte[] bytes)
    {
        using var deadline = new ReadDeadline(TimeSpan.FromMinutes(1), isForEachRead: true, new FakeTimeProvider());
        using var stream = new JsonStream(new MemoryStream(bytes), deadline);
        _ = Ended(ApiError.GuardAsync<Field>("list", async () => await stream.ReadListAsync(static item => Assert.True(item.Length > 0), default)));
    }

    private static void Watches(byte[] bytes)
    {
        var deadline = new ReadDeadline(TimeSpan.FromMinutes(1), isForEachRead: false, new FakeTimeProvider());
        using var watch = new Watch(
            new HttpResponseMessage(), new JsonStream(new MemoryStream(bytes), deadline), deadline, new ObjectReader(ClusterKind.NodeNetworkConfigurationPolicy), "nmstate.io/v1", "watch", static _ => null);
        for (int events = 0; ; events++)
        {
            Assert.InRange(events, 0, bytes.Length);
            ApiResult<WatchEvent> result = Ended(watch.NextAsync(default));
            if (result.Error is not null || result.Value.Type == WatchEventType.End)
            {
                return;
            }

            _ = result.Value.Object is StoredObject item ? ClusterObjects.Empty.With(item.Root) : null;
        }
    }

    // Nothing to wait for: all bytes are there.
    private static T Ended<T>(Task<T> task)
    {
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    private static void Edits(string text)
    {
        if (!YamlText.TryParse(text, out YamlDocument? document, out _))
        {
            return;
        }

        List<FieldPath> maps = [];
        Walk(document!.Value, field =>
        {
            if (field.IsMap)
            {
                maps.Add(field.Path);
            }

            return true;
        });
        foreach (FieldPath map in maps.Take(8))
        {
            foreach (FieldChange change in (FieldChange[])[FieldChange.Set(map.Property("mtu"), 9000), FieldChange.Set(map.Property("name"), "é\"'\n"), FieldChange.Remove(map.Property("type"))])
            {
                IReadOnlyList<TextEdit>? edits = DocumentEditor.Edits(text, [change], out string? problem);
                Assert.Equal(edits is null, problem is not null);
                Assert.True(edits is null || YamlText.TryParse(TextEdit.Apply(text, edits), out _, out _));
            }
        }
    }

    private static void Fixes(string text)
    {
        var fix = new FileFix(EnforcementSettings.Default, NetworkRole.Llt, Commands.Run.Now, isUnsafe: true);
        fix.Add(new ManifestFile("a.yaml", text, null));
        FixedFile mended = Assert.Single(fix.Run());
        Assert.True(mended.Edits.Count == 0 || ManifestReader.Read(mended.Text).All(static manifest => manifest.Error is null) || ManifestReader.Read(text).Any(static manifest => manifest.Error is not null));
    }

    private static string Network(string configuration) =>
        $$$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
        spec: {config: {{{Quoted(configuration)}}}}
        """;

    private static string Machine(string networkData, string key = "networkData", string carrier = "cloudInitNoCloud") =>
        $$$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: a, namespace: erp-db, labels: {infoscale.internal/cluster: erp}, annotations: {infoscale.internal/nic-roles: san0=iscsi}}
        spec:
          runStrategy: Always
          template:
            spec:
              domain:
                memory: {guest: 16Gi}
                devices: {interfaces: [{name: llt1, bridge: {}, macAddress: "02:50:00:0e:01:11"}, {name: san0, bridge: {}, model: e1000e, macAddress: "02:50:00:0e:01:12"}]}
              networks: [{name: llt1, multus: {networkName: llt1}}, {name: san0, multus: {networkName: san0}}]
              volumes: [{name: cloudinit, {{{carrier}}}: {{{{key}}}: {{{Quoted(networkData)}}}}}]
        """;

    // A JSON string is one of YAML too; what stands for bytes that are no text is text.
    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    private static string Compact(string manifest) => ManifestReader.Read(manifest).First().Root.Json;

    private static string Review(string operation) =>
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u-1\",\"operation\":\"" + operation + "\",\"name\":\"a\",\"namespace\":\"erp-db\"," +
        "\"kind\":{\"group\":\"kubevirt.io\",\"version\":\"v1\",\"kind\":\"VirtualMachine\"},\"object\":" +
        Compact(Machine(Version2)).Replace("\"metadata\":{", "\"metadata\":{\"managedFields\":[{\"manager\":\"kubectl\",\"fieldsV1\":{\"f:a\":{}}}],", StringComparison.Ordinal) +
        ",\"oldObject\":" + (operation == "UPDATE" ? Compact(Machine(Version1)) : "null") + "}}";

    private static string Events() =>
        $"{{\"type\":\"ADDED\",\"object\":{Compact(NodePolicy)}}}\n\n" +
        "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"9\"}}}\n" +
        $"{{\"type\":\"DELETED\",\"object\":{Compact(NodePolicy)}}}\n" +
        "{\"type\":\"ERROR\",\"object\":{\"code\":410,\"details\":{\"retryAfterSeconds\":1}}}\n";

    private static string Snapshot()
    {
        using var stream = new MemoryStream();
        SnapshotFile.Write(
            new ClusterRecording
            {
                Time = Commands.Run.Now,
                ServerVersion = "v1.30.0",
                Kinds = [new RecordedKind(ClusterKind.NodeNetworkConfigurationPolicy, [World[0]]), new RecordedKind(ClusterKind.NodeNetworkState, [], "it is not served")],
            },
            stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
