using System.Text;
using System.Text.Json.Nodes;
using Webhook.Admission;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Resources;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests.Admission;

public sealed class AdmissionMutatorTests
{
    private const string Localnet = """{"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "netAttachDefName": "erp-db/llt1"}""";
    private const string Bridge = """{"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1"}""";

    [Theory]
    [InlineData(Localnet, "llt", "netAttachDefName\": \"erp-db/llt1\", \"mtu\": 8990}")]
    [InlineData(Bridge, "llt", "\"br-llt1\", \"mtu\": 9000}")]
    [InlineData("{\n\t\"plugins\": [\n\t\t{\n\t\t\t\"type\": \"cnv-bridge\",\n\t\t\t\"bridge\": \"br\"\n\t\t},\n\t\t{ \"type\": \"cnv-tuning\" }\n\t],\n\t\"x\": 1\n}\n", "llt", "\"br\",\n\t\t\t\"mtu\": 9000\n\t\t},\n\t\t{ \"type\": \"cnv-tuning\" }")]
    [InlineData("""{"type": "bridge", "bridge": "br", "mtu": "9000"}""", "llt", "\"mtu\": 9000}")]
    [InlineData("""{"type": "bridge", "bridge": "br", "MTU": "9000"}""", "llt", "\"MTU\": 9000}")]
    public void A_network_gets_the_mtu_that_its_author_left_out(string config, string role, string expected)
    {
        string mutated = (string)New().Mutate(Network(config, role))["spec"]!["config"]!;
        Assert.Contains(expected, mutated, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type": "bridge", "bridge": "br", "mtu": 1500}""", "llt")] // A value of the author.
    [InlineData("""{"type": "bridge", "bridge": "br", "mtu": 0}""", "llt")]
    [InlineData("""{"type": "bridge", "bridge": "br", "mtu": "1500"}""", "llt")] // As a number it would be too small all the same.
    [InlineData("""{"type": "macvlan", "master": "ens3f0"}""", "llt")] // Takes the MTU of its master.
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "layer2", "netAttachDefName": "erp-db/llt1"}""", "llt")]
    [InlineData("""{"type": "bridge", "bridge": "br",}""", "llt")]
    [InlineData("", "llt")]
    [InlineData(Bridge, "iscsi")] // May stay at 1500, and nobody has seen what lies below.
    [InlineData(Bridge, "llt-lowpri")]
    [InlineData(Bridge, "unknown")]
    public void What_is_not_known_to_be_right_is_left_to_validation(string config, string role) =>
        Assert.Null(New().Review(Network(config, role)).Patch);

    [Fact]
    public void Objects_of_controllers_updates_subresources_and_modes_that_are_off_are_left_alone()
    {
        JsonNode owned = Network(Bridge);
        owned["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Thing", ["name"] = "x", ["controller"] = true });
        Assert.Null(New().Review(owned).Patch);
        Assert.Null(New().Review(Network(Bridge), "UPDATE").Patch);
        Assert.Null(New().Review(Network(Bridge), "DELETE").Patch);
        Assert.Null(New(EnforcementSettings.Default with { Mode = EnforcementMode.Off }).Review(Network(Bridge)).Patch);
        JsonNode unlabelled = Network(Bridge);
        unlabelled["metadata"]!["labels"] = new JsonObject();
        Assert.Null(New().Review(unlabelled).Patch);
    }

    [Fact]
    public void An_exempt_finding_is_not_mended()
    {
        JsonNode exempt = Network(Bridge);
        exempt["metadata"]!["annotations"] = new JsonObject
        {
            [InfoScaleMetadata.Exempt] = "nad-mtu-not-jumbo", [InfoScaleMetadata.ExemptReason] = "a test network", [InfoScaleMetadata.ExemptUntil] = "2026-07-01",
        };
        Assert.Null(New().Review(exempt).Patch);
    }

    [Fact]
    public void The_answer_says_what_was_injected_to_the_user_to_the_object_and_to_the_audit_log()
    {
        using var metrics = new WebhookMetrics();
        using var text = new MetricsText(metrics);
        AdmissionResponse response = New().Review(Network(Localnet), counted: metrics);
        Assert.Equal(
            "spec.config#/mtu: injected: set mtu to 8990, 9000 of the node less 10 for Open vSwitch [nad-mtu-not-jumbo]", Assert.Single(response.Warnings));
        Assert.Equal(new("injected", "spec.config#/mtu=8990"), Assert.Single(response.AuditAnnotations));
        JsonArray patch = JsonNode.Parse(response.Patch!)!.AsArray();
        Assert.Equal(
            ["test /spec/config", "replace /spec/config", "add /metadata/annotations"], patch.Select(static operation => $"{operation!["op"]} {operation["path"]}"));
        Assert.Equal("spec.config#/mtu=8990", (string?)patch[2]!["value"]!["infoscale.internal/injected"]);
        Assert.Contains("infoscale_webhook_injections_total{kind=\"NetworkAttachmentDefinition\"} 1", text.Write(), StringComparison.Ordinal);

        JsonNode answer = JsonNode.Parse(AdmissionResponseWriter.Write("u", response))!["response"]!;
        Assert.Equal("JSONPatch", (string?)answer["patchType"]);
        Assert.Equal(response.Patch, Convert.FromBase64String((string)answer["patch"]!));
    }

    [Fact]
    public void A_dry_run_is_answered_alike_and_not_counted()
    {
        using var metrics = new WebhookMetrics();
        using var text = new MetricsText(metrics);
        Assert.Equal(New().Review(Network(Localnet)).Patch, New().Review(Network(Localnet), dryRun: true, counted: metrics).Patch);
        Assert.DoesNotContain("injections_total{", text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_that_are_there_stay_there()
    {
        JsonNode network = Network(Localnet);
        network["metadata"]!["annotations"] = new JsonObject { ["owner"] = "databases", [InfoScaleMetadata.Injected] = "something=1" };
        JsonNode annotations = New().Mutate(network)["metadata"]!["annotations"]!;
        Assert.Equal("databases", (string?)annotations["owner"]);
        Assert.Equal("something=1, spec.config#/mtu=8990", (string?)annotations[InfoScaleMetadata.Injected]);
    }

    [Theory]
    [InlineData(9000, "iscsi", "9000")]
    [InlineData(9216, "iscsi", "9000")]
    [InlineData(9216, "llt", "9000")]
    [InlineData(1500, "llt", null)]
    [InlineData(1500, "iscsi", null)]
    public void The_chain_decides_where_it_is_known(int node, string role, string? expected)
    {
        string policy =
            $$"""
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata: {name: p}
            spec:
              desiredState:
                interfaces:
                - {name: br-llt1, type: linux-bridge, state: up, mtu: {{node}}, bridge: {port: [{name: ens3f0}]} }
                - {name: ens3f0, type: ethernet, state: up, mtu: {{node}} }
            """;
        var mutation = new Mutation(EnforcementSettings.Default, ClusterObjects.Given(ManifestReader.Read(policy).Select(static manifest => manifest.Root)));
        var config = JsonNode.Parse((string)mutation.Mutate(Network(Bridge, role))["spec"]!["config"]!);
        Assert.Equal(expected, config!["mtu"]?.ToJsonString());
    }

    [Fact]
    public void Node_networks_are_mutated_only_where_that_is_switched_on()
    {
        JsonNode policy = JsonNode.Parse(RuleCatalog.Find("nncp-mtu-not-jumbo")!.Info.Examples[0].Subject.Root.Json)!;
        Assert.Null(New().Review(policy).Patch);
        Assert.Equal(9000, (int?)New(Mutation.Everything).Mutate(policy)["spec"]!["desiredState"]!["interfaces"]![1]!["mtu"]);
    }

    [Theory]
    [InlineData("{name: ens3f0, type: ethernet, mtu: 9000}", "{name: br-llt1, type: ovs-interface}", "llt", "9000")]
    [InlineData("{name: ens3f0, type: ethernet, mtu: 9216}", "{name: br-llt1, type: ovs-interface}", "iscsi", "9000")]
    [InlineData("{name: ens3f0, type: ethernet}", "{name: br-llt1, type: ovs-interface}", "llt", "9000")] // Together with its uplink.
    [InlineData("{name: ens3f0, type: ethernet}", "{name: br-llt1, type: ovs-interface}", "iscsi", null)] // Without jumbo frames at any level.
    [InlineData("{name: ens3f0, type: ethernet, mtu: 1500}", "{name: br-llt1, type: ovs-interface}", "llt", null)]
    [InlineData("{name: ens3f0, type: bond, mtu: 9000, link-aggregation: {port: [ens4]}}", "{name: br-llt1, type: ovs-interface}", "llt", null)] // ens4 is not seen.
    [InlineData("{name: ens4, type: ethernet, mtu: 9000}", "{name: br-llt1, type: ovs-interface}", "llt", null)] // Nor is ens3f0.
    [InlineData("{name: ens3f0, type: ethernet, mtu: 9000}", "{name: br-llt1, type: ovs-interface}", "llt-lowpri", null)]
    [InlineData("{name: ens3f0, type: ethernet, mtu: 9000}", "{name: br-llt1, type: ovs-interface, mtu: 8000}", "llt", "8000")] // A value of the author.
    [InlineData("{name: ens3f0, type: ethernet, mtu: 9000}", "{name: br-llt1, type: ovs-interface}", "llt, annotations: {infoscale.internal/exempt: nncp-mtu-not-jumbo, infoscale.internal/exempt-reason: a test network, infoscale.internal/exempt-until: 2026-07-01}", null)]
    public void The_port_of_the_node_in_an_OVS_bridge_gets_the_mtu_of_uplinks_that_are_all_jumbo(string uplink, string port, string metadata, string? expected)
    {
        int at = metadata.IndexOf(',', StringComparison.Ordinal);
        string yaml =
            $$$"""
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata: {name: p, labels: {infoscale.internal/role: {{{(at < 0 ? metadata : metadata[..at])}}}}{{{(at < 0 ? "" : metadata[at..])}}}}
            spec:
              desiredState:
                interfaces:
                - {name: br-llt1, type: ovs-bridge, bridge: {port: [{name: ens3f0}, {name: br-llt1}]}}
                - {{{port}}}
                - {{{uplink}}}
            """;
        JsonNode policy = JsonNode.Parse(Assert.Single(ManifestReader.Read(yaml)).Root.Json)!;
        Mutation mutation = New(Mutation.Everything);
        mutation.Holds(policy, uplink);
        JsonNode mutated = mutation.Mutate(policy)["spec"]!["desiredState"]!["interfaces"]!;
        Assert.Equal(expected, mutated[1]!["mtu"]?.ToJsonString());
        Assert.Null(mutated[0]!["mtu"]);
    }

    [Theory]
    [InlineData(9216, "9000")]
    [InlineData(1500, null)]
    public void A_bridge_is_not_raised_above_a_card_that_cannot_be(int largest, string? expected)
    {
        const string Policy =
            """
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata: {name: p, labels: {infoscale.internal/role: llt}}
            spec:
              nodeSelector: {kubernetes.io/hostname: worker-1}
              desiredState:
                interfaces:
                - {name: br-llt1, type: linux-bridge, bridge: {port: [{name: ens3f0}]}}
                - {name: ens3f0, type: ethernet}
            """;
        string given =
            $$$"""
            {apiVersion: v1, kind: Node, metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1} } }
            ---
            apiVersion: nmstate.io/v1beta1
            kind: NodeNetworkState
            metadata: {name: worker-1}
            status: {currentState: {interfaces: [{name: ens3f0, max-mtu: {{{largest}}}, type: ethernet, mtu: 1500} ]} }
            """;
        JsonNode policy = JsonNode.Parse(Assert.Single(ManifestReader.Read(Policy)).Root.Json)!;
        var mutation = new Mutation(Mutation.Everything, ClusterObjects.Given(ManifestReader.Read(given).Select(static manifest => manifest.Root)));
        Assert.Equal(expected is not null, mutation.Holds(policy, "a bridge and its card"));
        JsonNode mutated = mutation.Mutate(policy)["spec"]!["desiredState"]!["interfaces"]!;
        Assert.Equal(expected, mutated[0]!["mtu"]?.ToJsonString());
        Assert.Equal(expected, mutated[1]!["mtu"]?.ToJsonString());
    }

    [Theory]
    [InlineData("networkData", "version: 2\nethernets:\n  llt1: # first\n    match: {macaddress: \"02:50:00:0e:01:11\"}\n    addresses: [172.30.1.11/24]\n", "addresses: [172.30.1.11/24]\n    mtu: 8990\n")]
    [InlineData("networkDataBase64", "version: 2\nethernets:\n  llt1: # first\n    match: {macaddress: \"02:50:00:0e:01:11\"}\n    addresses: [172.30.1.11/24]\n", "addresses: [172.30.1.11/24]\n    mtu: 8990\n")]
    [InlineData("networkData", "network:\n  version: 1\n  config:\n  - type: physical\n    name: llt1\n    mac_address: \"02:50:00:0e:01:11\"\n    subnets:\n    - {type: static, address: 172.30.1.11/24}\n", "mac_address: \"02:50:00:0e:01:11\"\n    mtu: 8990\n    subnets:")]
    public void A_guest_whose_model_learns_no_mtu_gets_it_in_its_network_data(string key, string data, string expected)
    {
        string text = key == "networkData" ? data : Convert.ToBase64String(Encoding.UTF8.GetBytes(data));
        JsonNode carrier = New().Mutate(Machine(new JsonObject { ["cloudInitNoCloud"] = new JsonObject { [key] = text } }))
            ["spec"]!["template"]!["spec"]!["volumes"]![0]!["cloudInitNoCloud"]!;
        string mutated = (string)carrier[key]!;
        Assert.Contains(expected, key == "networkData" ? mutated : Encoding.UTF8.GetString(Convert.FromBase64String(mutated)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_drive_gets_it_in_its_network_data_too()
    {
        const string Data = """
            {"links": [{"id": "llt1", "type": "phy", "ethernet_mac_address": "02:50:00:0e:01:11"}],
             "networks": [{"link": "llt1", "type": "ipv4", "ip_address": "172.30.1.11/24"}]}
            """;
        JsonNode carrier = New().Mutate(Machine(new JsonObject { ["cloudInitConfigDrive"] = new JsonObject { ["networkData"] = Data } }))
            ["spec"]!["template"]!["spec"]!["volumes"]![0]!["cloudInitConfigDrive"]!;
        Assert.Contains("\"02:50:00:0e:01:11\", \"mtu\": 8990}]", (string)carrier["networkData"]!, StringComparison.Ordinal);
    }

    private static Mutation New(EnforcementSettings? settings = null) => new(settings ?? EnforcementSettings.Default, ClusterView.Unseen);

    private static JsonObject Network(string config, string role = "llt") => new()
    {
        ["apiVersion"] = "k8s.cni.cncf.io/v1",
        ["kind"] = "NetworkAttachmentDefinition",
        ["metadata"] = new JsonObject { ["name"] = "llt1", ["namespace"] = "erp-db", ["labels"] = new JsonObject { [InfoScaleMetadata.Role] = role } },
        ["spec"] = new JsonObject { ["config"] = config },
    };

    private static JsonObject Machine(JsonObject volume) => new()
    {
        ["apiVersion"] = "kubevirt.io/v1",
        ["kind"] = "VirtualMachine",
        ["metadata"] = new JsonObject
        {
            ["name"] = "vm1",
            ["namespace"] = "erp-db",
            ["labels"] = new JsonObject { [InfoScaleMetadata.Cluster] = "erp" },
            ["annotations"] = new JsonObject { [InfoScaleMetadata.NicRoles] = "llt1=llt" },
        },
        ["spec"] = JsonNode.Parse(
            $$$$"""
            {"template": {"spec": {
              "domain": {"devices": {"interfaces": [{"name": "llt1", "model": "e1000e", "bridge": {}, "macAddress": "02:50:00:0e:01:11"}]}},
              "networks": [{"name": "llt1", "multus": {"networkName": "llt1"}}],
              "volumes": [{{{{volume.ToJsonString()}}}}]}}}
            """),
    };
}
