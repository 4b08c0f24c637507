using System.Text.Json.Nodes;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Resources.Manifests;
using Webhook.Rules.Network;

namespace Webhook.Rules.Tests.Network;

public sealed class NodeNetworksTests
{
    private const string Localnet = """{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}, spec: {config: '{"name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "physnet-llt1", "mtu": 8990}'}}""";

    private const string TwoWorkers = """
        {apiVersion: v1, kind: Node, metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1}}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: worker-2, labels: {kubernetes.io/hostname: worker-2}}}
        ---

        """;

    private static readonly RuleContext Context = new() { Now = Catalog.Now };

    [Fact]
    public void The_chain_of_a_localnet_goes_over_mapping_bridge_and_bond_to_the_switch_and_names_the_weak_node()
    {
        NetworkPath path = Path(Localnet, TwoWorkers + Policy("llt-worker-1", "worker-1", Bonded(9000)) + "---\n" + Policy("llt-worker-2", "worker-2", Bonded(1500)));
        Assert.Equal(2, path.Paths.Count);
        Assert.Equal(
            "NAD llt1 8990 <- br-llt1 (ovs) <- bond0 9000 <- ens3f0 1500 (weakest) <- switch ? on worker-2",
            path.Chain(path.WeakestPath!, path.Weakest, 256));
        Assert.Equal((1500L, "declared in policy llt-worker-2", 8990L), (path.SmallestMtu!.Value, path.Weakest!.Source, path.Hop.Mtu!.Value));
        Assert.Equal("Mapping,OvsBridge,Bond,Nic,Switch,Nic,Switch", string.Join(',', path.Paths[0].Hops.Select(static hop => hop.Kind)));
        Assert.Equal(NetworkPresence.Found, path.Presence);
        Assert.False(path.IsComplete);
        Assert.Contains("mtu of switch on worker-1: neither attested by switch-mtu nor announced by LLDP", path.Unverified);
    }

    [Fact]
    public void Nodes_that_look_alike_are_one_path_whoever_says_so()
    {
        NetworkPath path = Path(Localnet, TwoWorkers + Policy("llt-worker-1", "worker-1", Bonded(9000)) + "---\n" + Policy("llt-worker-2", "worker-2", Bonded(9000)));
        NodePath only = Assert.Single(path.Paths);
        Assert.Equal("worker-1 and worker-2", only.Place);
        Assert.Equal("declared in policies llt-worker-1 and llt-worker-2", only.Weakest!.Source);
        Assert.Same(only, path.On("worker-2"));
        Assert.Null(path.On("worker-3"));
    }

    [Fact]
    public void Policies_of_one_node_are_merged_and_where_they_differ_the_smaller_counts_without_being_proven()
    {
        NetworkPath path = Path(
            Localnet,
            TwoWorkers + Policy("bridge", "worker-1", "interfaces: [{name: br-llt1, type: ovs-bridge, bridge: {port: [{name: ens3f0}]}}]\novn: {bridge-mappings: [{localnet: physnet-llt1, bridge: br-llt1}]}")
            + "---\n" + Policy("nic", "worker-1", "interfaces: [{name: ens3f0, type: ethernet, mtu: 9000}]")
            + "---\n" + Policy("nic-again", "worker-1", "interfaces: [{name: ens3f0, type: ethernet, mtu: 1500}]"));
        NodePath only = Assert.Single(path.Paths);
        Assert.Equal((1500L, true, "declared in policies nic and nic-again, which differ"), (only.Weakest!.Mtu!.Value, only.Weakest.IsConflicting, only.Weakest.Source));
        Assert.Null(only.WeakestProven);
        Assert.Equal(["worker-2"], path.MissingOn);
    }

    [Fact]
    public void What_no_policy_declares_is_taken_from_the_node_and_what_one_declares_beats_it()
    {
        NetworkPath path = Path(
            Localnet,
            TwoWorkers + Policy("bridge", "worker-1", "interfaces: [{name: br-llt1, type: ovs-bridge, bridge: {port: [{name: bond0}]}}, {name: bond0, type: bond, mtu: 9000}]\novn: {bridge-mappings: [{localnet: physnet-llt1, bridge: br-llt1}]}")
            + "---\n" + State("worker-1", """
                interfaces:
                - {name: bond0, type: bond, mtu: 1500, link-aggregation: {mode: active-backup, port: [ens3f0]}}
                - {name: ens3f0, type: ethernet, mtu: 1400, max-mtu: 9600, lldp: {enabled: true, neighbors: [[{type: 5, system-name: sw01}, {type: 2, port-id: xe-0/0/19}, {type: 127, ieee-802-3-max-frame-size: 1518}]]}}
                """));
        NodePath only = Assert.Single(path.Paths);
        Assert.Equal("br-llt1 (ovs) <- bond0 9000 <- ens3f0 1400 (weakest) <- switch 1496 on worker-1", only.Chain([], only.Weakest, 256));
        Hop bond = only.Hops.Single(static hop => hop.Kind == HopKind.Bond), nic = only.Weakest!;
        Assert.Equal((9000L, 1500L, 9000L), (bond.Declared!.Value, bond.Real!.Value, bond.Mtu!.Value));
        Assert.Equal(("real on worker-1 at 2026-06-01T08:00:00Z", 9600L), (nic.Source, nic.Largest!.Value));
        Assert.Equal("announced by sw01 port xe-0/0/19 on worker-1", only.Hops[^1].Source);
        Assert.True(path.IsComplete);
    }

    [Fact]
    public void The_smaller_of_attestation_and_lldp_counts_for_the_switch_and_only_the_attestation_is_proven()
    {
        NetworkPath path = Path(
            Localnet,
            TwoWorkers + Policy("llt", "worker-1", Bonded(9000), switchMtu: "9216") + "---\n" + State("worker-1", """
                interfaces:
                - {name: ens3f0, type: ethernet, mtu: 9000, lldp: {neighbors: [[{ieee-802-3-max-frame-size: 1522}], [{ieee-802-3-max-frame-size: 9238}]]}}
                """));
        NodePath only = Assert.Single(path.Paths);
        Assert.Equal((MtuOrigin.Lldp, 1500L), (only.Weakest!.Origin, only.Weakest.Mtu!.Value));
        Assert.Equal(9000, only.WeakestProven!.Mtu);
        Assert.Contains(only.Hops, static hop => hop.Origin == MtuOrigin.Attested && hop.Mtu == 9216 && hop.Source == "attested by policy llt");
    }

    [Theory]
    [InlineData("""{"type": "bridge", "bridge": "br-a", "mtu": 9000}""", "NAD net0 9000 <- br-a 9000 <- bond0.301 9000 <- bond0 9000 <- ens3f0 1500 (weakest) <- switch ?")]
    [InlineData("""{"plugins": [{"type": "cnv-bridge", "bridge": "br-a"}, {"type": "tuning", "mtu": 8000}]}""", "NAD net0 8000 <- br-a 9000 <- bond0.301 9000 <- bond0 9000 <- ens3f0 1500 (weakest) <- switch ?")]
    [InlineData("""{"type": "bridge", "bridge": "br-a"}""", "NAD net0 1500 <- br-a 9000 <- bond0.301 9000 <- bond0 9000 <- ens3f0 1500 (weakest) <- switch ?")]
    [InlineData("""{"type": "ovs", "bridge": "br-o", "mtu": 9000}""", "NAD net0 9000 <- br-o (ovs) <- ens5f0 9000 (weakest) <- switch ?")]
    [InlineData("""{"type": "macvlan", "master": "bond0.301"}""", "NAD net0 <- bond0.301 9000 <- bond0 9000 <- ens3f0 1500 (weakest) <- switch ?")]
    [InlineData("""{"type": "host-device", "device": "ens5f0"}""", "NAD net0 <- ens5f0 9000 (weakest) <- switch ?")]
    [InlineData("""{"type": "bridge", "bridge": "br-on-ovs", "mtu": 9000}""", "NAD net0 9000 <- br-on-ovs 9000 <- br-o 1600 (weakest) <- br-o (ovs) <- ens5f0 9000 <- switch ?")]
    [InlineData("""{"type": "sriov"}""", "NAD net0 <- virtual function ?")]
    [InlineData("""{"type": "ptp", "mtu": 1400}""", null)]
    public void Each_technology_has_its_chain(string config, string? expected)
    {
        NetworkPath path = Path(Network(config), TwoWorkers + Policy("all", null, """
            interfaces:
            - {name: br-a, type: linux-bridge, mtu: 9000, bridge: {port: [{name: bond0.301}]}}
            - {name: bond0.301, type: vlan, mtu: 9000, vlan: {base-iface: bond0, id: 301}}
            - {name: bond0, type: bond, mtu: 9000, link-aggregation: {mode: active-backup, port: [ens3f0, ens4f0]}}
            - {name: ens3f0, type: ethernet, mtu: 1500}
            - {name: ens4f0, type: ethernet, mtu: 9000}
            - {name: br-o, type: ovs-bridge, mtu: 1500, bridge: {port: [{name: ens5f0}, {name: br-o}]}}
            - {name: br-o, type: ovs-interface, mtu: 1600}
            - {name: ens5f0, type: ethernet, mtu: 9000}
            - {name: br-on-ovs, type: linux-bridge, mtu: 9000, bridge: {port: [{name: br-o}]}}
            """));
        if (expected is null)
        {
            Assert.Empty(path.Paths);
            return;
        }

        string chain = path.Chain(Assert.Single(path.Paths), path.Weakest, 256);
        Assert.Equal(expected, chain.Replace(" on worker-1 and worker-2", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Ports_of_an_ovs_internal_bond_stand_below_the_bridge()
    {
        NetworkPath path = Path(Network("""{"type": "ovs", "bridge": "br-o", "mtu": 9000}"""), TwoWorkers + Policy("all", null, """
            interfaces:
            - {name: br-o, type: ovs-bridge, bridge: {port: [{name: ovs-bond, link-aggregation: {mode: balance-slb, port: [{name: ens5f0}, {name: ens6f0}]}}]}}
            - {name: ens5f0, type: ethernet, mtu: 9000}
            - {name: ens6f0, type: ethernet, mtu: 1500}
            """));
        Assert.Equal("NAD net0 9000 <- br-o (ovs) <- ens6f0 1500 (weakest) <- switch ? on worker-1 and worker-2", path.Chain(path.WeakestPath!, path.Weakest, 256));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(8900, null, 8800)]
    [InlineData(null, 1400, 1300)]
    [InlineData(8900, 1400, 8800)]
    public void An_overlay_carries_what_the_cluster_network_does_less_the_tunnel_header(int? setting, int? cluster, int? expected)
    {
        string given = cluster is int mtu ? $"{{apiVersion: config.openshift.io/v1, kind: Network, metadata: {{name: cluster}}, status: {{clusterNetworkMTU: {mtu}}}}}" : "";
        var context = new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(given), Settings = new RuleSettings { ClusterNetworkMtu = setting } };
        var network = (NetworkDefinition)Catalog.Parse(Network("""{"name": "l2", "type": "ovn-k8s-cni-overlay", "topology": "layer2", "mtu": 9000}"""));
        NetworkPath path = context.Cluster.NodeNetworks.Below(network, context);
        Assert.Equal((NetworkPresence.NotOnNodes, (long?)expected), (path.Presence, path.SmallestMtu));
        Assert.Equal(expected is not null, path.IsComplete);
        Assert.Equal($"NAD net0 9000 <- cluster network {(expected is null ? "?" : $"{expected} (weakest)")}", path.Chain(path.Paths[0], path.Weakest, 256));
    }

    [Fact]
    public void A_cudn_without_mtu_has_the_cluster_networks_and_the_header_it_does_without()
    {
        const string Yaml = "{apiVersion: k8s.ovn.org/v1, kind: ClusterUserDefinedNetwork, metadata: {name: llt}, spec: {network: {topology: Localnet, localnet: {role: Secondary, physicalNetworkName: physnet-llt1}}}}";
        var context = Context with { Settings = new RuleSettings { ClusterNetworkMtu = 1400 } };
        NetworkPath path = ClusterView.Unseen.NodeNetworks.Below((NetworkDefinition)Catalog.Parse(Yaml), context);
        Assert.Equal(("CUDN llt", 1500L, MtuOrigin.Default), (path.Hop.Name, path.Hop.Mtu!.Value, path.Hop.Origin));
        Assert.Equal((NetworkPresence.NotSeen, "NodeNetworkConfigurationPolicies were not looked up"), (path.Presence, path.Unseen));
    }

    [Fact]
    public void What_no_policy_makes_is_missing_and_the_nearest_names_are_offered()
    {
        var network = (NetworkDefinition)Catalog.Parse(Localnet.Replace("physnet-llt1", "phsynet-llt1", StringComparison.Ordinal));
        NodeNetworks nodes = Catalog.Given(TwoWorkers + Policy("llt", "worker-1", Bonded(9000))).NodeNetworks;
        NetworkPath path = nodes.Below(network, Context);
        Assert.Equal(NetworkPresence.Missing, path.Presence);
        Assert.Empty(path.Paths);
        Assert.Equal(["physnet-llt1"], nodes.NearestTo(network));
    }

    [Fact]
    public void A_policy_for_other_nodes_than_those_seen_is_no_proof_that_a_name_is_wrong() =>
        Assert.Equal(NetworkPresence.Unselected, Path(Localnet, TwoWorkers + Policy("llt", "worker-9", Bonded(9000))).Presence);

    [Theory]
    [InlineData("interfaces: '{{ capture.bridges.interfaces }}'", NetworkPresence.NotSeen)]
    [InlineData("interfaces: [{name: br-x, type: linux-bridge, state: absent}]", NetworkPresence.Missing)]
    [InlineData("interfaces: [{name: br-x, type: linux-bridge, state: down}]", NetworkPresence.Missing)]
    [InlineData("interfaces: [{name: br-x, type: ovs-bridge}]", NetworkPresence.Missing)]
    [InlineData("interfaces: [{name: br-x}]", NetworkPresence.Found)]
    [InlineData("interfaces: [7, {name: {}}, {name: br-x, type: linux-bridge, bridge: 5, mtu: {}}]", NetworkPresence.Found)]
    [InlineData("interfaces: {}", NetworkPresence.Missing)]
    public void A_bridge_exists_where_a_policy_wants_it_up(string state, NetworkPresence expected) =>
        Assert.Equal(expected, Path(Network("""{"type": "bridge", "bridge": "br-x", "mtu": 9000}"""), TwoWorkers + Policy("p", null, state)).Presence);

    [Fact]
    public void A_bridge_that_only_the_node_has_exists_without_the_ends_of_pods_links()
    {
        NetworkPath path = Path(Network("""{"type": "bridge", "bridge": "br-x", "mtu": 9000}"""), TwoWorkers + State("worker-1", """
            interfaces:
            - {name: br-x, type: linux-bridge, mtu: 1500, bridge: {port: [{name: ens3f0}, {name: veth12}, {name: tap7}]}}
            - {name: veth12, type: veth, mtu: 1500}
            - {name: ens3f0, type: ethernet, mtu: 1500}
            """));
        Assert.Equal("br-x,ens3f0,switch", string.Join(',', Assert.Single(path.Paths).Hops.Select(static hop => hop.Name)));
    }

    [Theory]
    [InlineData(null, "br-ex (ovs) <- uplink ?")]
    [InlineData("interfaces: [{name: br-ex, type: ovs-bridge, bridge: {port: [{name: br-ex}, {name: eno1}, {name: patch-br-ex_to-br-int}]}}, {name: br-ex, type: ovs-interface, mtu: 1500}, {name: eno1, type: ethernet, mtu: 1500}]", "br-ex (ovs) <- eno1 1500 <- switch ?")]
    public void The_bridge_of_installation_exists_without_any_policy(string? real, string expected)
    {
        string network = Localnet.Replace("physnet-llt1", "physnet", StringComparison.Ordinal);
        NetworkPath path = Path(network, TwoWorkers + (real is null ? "" : State("worker-1", real) + "---\n" + State("worker-2", real)));
        NodePath only = Assert.Single(path.Paths);
        Assert.Equal($"{expected} on worker-1 and worker-2", only.Chain([], null, 256));
        Assert.Equal(NetworkPresence.Found, Path(network, "").Presence);
    }

    [Fact]
    public void Without_nodes_a_selector_stands_for_its_nodes_with_every_policy_whose_labels_it_includes()
    {
        string given = Policy("base", null, "interfaces: [{name: br-llt1, type: ovs-bridge, bridge: {port: [{name: bond0}]}}]\novn: {bridge-mappings: [{localnet: physnet-llt1, bridge: br-llt1}]}")
            + "---\n" + Policy("worker-1", "worker-1", "interfaces: [{name: bond0, type: bond, mtu: 9000, link-aggregation: {port: [ens3f0]}}, {name: ens3f0, type: ethernet, mtu: 9000}]")
            + "---\n" + Policy("elsewhere", "worker-2", "interfaces: [{name: bond0, type: bond, mtu: 1500, link-aggregation: {port: [ens3f0]}}]");
        NetworkPath path = Path(Localnet, given);
        Assert.Equal(
            ["nodes of policy base|br-llt1 (ovs) <- bond0 ? <- switch ?", "nodes of policy elsewhere|br-llt1 (ovs) <- bond0 1500 <- ens3f0 ? <- switch ?", "nodes of policy worker-1|br-llt1 (ovs) <- bond0 9000 <- ens3f0 9000 <- switch ?"],
            path.Paths.Select(static only => $"{only.Place}|{only.Chain([], null, 256).Split(" on ")[0]}"));
        Assert.Empty(path.MissingOn);
    }

    [Fact]
    public void A_policy_under_review_is_seen_as_if_it_were_there_and_the_rest_stays()
    {
        ClusterObjects cluster = Catalog.Given(TwoWorkers + Policy("llt-worker-1", "worker-1", Bonded(9000)) + "---\n" + Policy("llt-worker-2", "worker-2", Bonded(9000)));
        var network = (NetworkDefinition)Catalog.Parse(Localnet);
        Assert.Equal(9000, cluster.NodeNetworks.Below(network, Context).SmallestMtu);
        NodeNetworks after = cluster.NodeNetworks.With((NodeNetworkConfigurationPolicy)Catalog.Parse(Policy("llt-worker-2", "worker-2", Bonded(1500))));
        Assert.Equal(("worker-2", 1500L), (after.Below(network, Context).WeakestPath!.Place, after.Below(network, Context).SmallestMtu!.Value));
        Assert.Equal(9000, cluster.NodeNetworks.Below(network, Context).SmallestMtu);
        Assert.Same(cluster.NodeNetworks, cluster.NodeNetworks.With((NodeNetworkConfigurationPolicy)Catalog.Parse(Policy("llt-worker-2", "worker-2", Bonded(9000)))));
    }

    [Fact]
    public void Networks_stand_on_an_interface_by_way_of_what_other_policies_put_between()
    {
        ClusterObjects cluster = Catalog.Given(
            TwoWorkers + Policy("bridge", "worker-1", Bonded(9000)) + "---\n" + Policy("nic", "worker-1", "interfaces: [{name: ens3f0, type: ethernet, mtu: 9000}, {name: ens9f0, type: ethernet}]")
            + "---\n" + Localnet + "\n---\n" + Network("""{"type": "macvlan", "master": "ens9f0"}"""));
        var nic = (NodeNetworkConfigurationPolicy)Catalog.Parse(Policy("nic", "worker-1", "interfaces: [{name: ens3f0, type: ethernet, mtu: 9000}, {name: ens9f0, type: ethernet}]"));
        Assert.Equal(["llt1"], cluster.NodeNetworks.NetworksAbove(nic, nic.State.Interfaces[0], cluster).Found.Select(static network => network.Name));
        Assert.Equal(["net0"], cluster.NodeNetworks.NetworksAbove(nic, nic.State.Interfaces[1], cluster).Found.Select(static network => network.Name));
        Assert.NotNull(Catalog.Given(TwoWorkers).NodeNetworks.NetworksAbove(nic, nic.State.Interfaces[0], ClusterView.Unseen).Unverified);
    }

    [Fact]
    public void Circles_and_long_lists_end()
    {
        string ports = string.Join(", ", Enumerable.Range(0, 2000).Select(static i => $"{{name: p{i}}}"));
        NetworkPath path = Path(Network("""{"type": "bridge", "bridge": "br-x", "mtu": 9000}"""), TwoWorkers + Policy("p", null, """
            interfaces:
            - {name: br-x, type: linux-bridge, mtu: 9000, bridge: {port: [{name: v1}, {name: br-x}, PORTS]}}
            - {name: v1, type: vlan, mtu: 9000, vlan: {base-iface: v2, id: 1}}
            - {name: v2, type: vlan, mtu: 9000, controller: v1, vlan: {base-iface: v1, id: 2}}
            """.Replace("PORTS", ports, StringComparison.Ordinal)));
        Assert.InRange(Assert.Single(path.Paths).Hops.Count, 100, 200);
        Assert.False(path.IsComplete);
    }

    [Fact]
    public void A_chain_that_is_too_long_keeps_its_weakest_hop_and_the_neighbours()
    {
        NetworkPath path = Path(Network("""{"type": "bridge", "bridge": "br-a", "mtu": 9000}"""), TwoWorkers + Policy("all", null, """
            interfaces:
            - {name: br-a, type: linux-bridge, mtu: 9000, bridge: {port: [{name: bond0.301}]}}
            - {name: bond0.301, type: vlan, mtu: 9000, vlan: {base-iface: bond0, id: 301}}
            - {name: bond0, type: bond, mtu: 1500, link-aggregation: {mode: active-backup, port: [ens3f0]}}
            - {name: ens3f0, type: ethernet, mtu: 9000}
            """));
        Assert.Equal("... <- bond0.301 9000 <- bond0 1500 (weakest) <- ens3f0 9000 <- ... on worker-1 and worker-2", path.Chain(path.Paths[0], path.Weakest, 100));
        Assert.Equal("... <- bond0.301 9000 <- bond0 1500 (weakest) <- ens3f0 9000 <- ... on worker-1 and worker-2", path.Chain(path.Paths[0], path.Weakest, 10));
    }

    [Theory]
    [InlineData("", "cordoned,gpu,worker-1,worker-2")]
    [InlineData("nodeSelector: {zone: a}", "gpu,worker-1")]
    [InlineData("tolerations: [{key: gpu, operator: Exists}]", "cordoned,gpu,worker-1,worker-2")]
    [InlineData("tolerations: [{operator: Exists}]", "cordoned,gpu,master,worker-1,worker-2")]
    [InlineData("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [b]}]}, {matchFields: [{key: metadata.name, operator: In, values: [worker-1]}]}]}}}", "worker-1,worker-2")]
    [InlineData("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{}]}}}", "")]
    [InlineData("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: DoesNotExist}]}]}}}", "cordoned")]
    [InlineData("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: cores, operator: Gt, values: ['31']}]}]}}}", "worker-2")]
    public void A_machine_can_run_where_selector_affinity_and_taints_let_it(string spec, string expected)
    {
        ClusterObjects cluster = Catalog.Given("""
            {apiVersion: v1, kind: Node, metadata: {name: worker-1, labels: {zone: a, cores: '16'}}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: worker-2, labels: {zone: b, cores: '64'}}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: gpu, labels: {zone: a}}, spec: {taints: [{key: gpu, effect: PreferNoSchedule}]}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: cordoned}, spec: {unschedulable: true, taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}]}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: master, labels: {zone: c}}, spec: {taints: [{key: node-role.kubernetes.io/master, effect: NoSchedule}]}}
            """);
        var machine = (VirtualMachine)Catalog.Parse($"{{apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {{name: vm}}, spec: {{template: {{spec: {{{spec}}}}}}}}}");
        Assert.Equal(expected, string.Join(',', cluster.NodeNetworks.HostNodes(machine).Found.Select(static node => node.Name)));
        Assert.NotNull(ClusterView.Unseen.NodeNetworks.HostNodes(machine).Unverified);
    }

    [Fact]
    public void Nothing_throws_whatever_the_objects_look_like()
    {
        Field[] given =
        [
            .. ManifestReader.Read(
                "{apiVersion: v1, kind: Node, metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1}}, spec: {taints: [{key: gpu, effect: NoSchedule}]}}\n---\n"
                + Policy("llt-worker-1", "worker-1", Bonded(9000), switchMtu: "9216") + "---\n" + Policy("all", null, "interfaces: [{name: v1, type: vlan, controller: br-x, vlan: {base-iface: bond0, id: 1}}, {name: br-x, type: linux-bridge, bridge: {port: [{name: ens9f0}]}}]")
                + "---\n" + State("worker-1", "interfaces: [{name: ens3f0, type: ethernet, mtu: 9000, max-mtu: 9600, lldp: {neighbors: [[{system-name: sw01}, {port-id: a}, {ieee-802-3-max-frame-size: 1518}]]}}]\novn: {bridge-mappings: [{localnet: x, bridge: br-x}]}")
                + "---\n{apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {name: vm}, spec: {template: {spec: {nodeSelector: {a: b}, tolerations: [{key: gpu, operator: Equal, value: x}], affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: Gt, values: ['1']}], matchFields: [{key: metadata.name, operator: NotIn, values: [b]}]}]}}}}}}}\n---\n"
                + Localnet + "\n---\n" + Network("""{"type": "bridge", "bridge": "br-x"}""")).Select(static manifest => manifest.Root),
        ];
        NetworkDefinition[] networks = [(NetworkDefinition)Catalog.Parse(Localnet), (NetworkDefinition)Catalog.Parse(Network("""{"type": "bridge", "bridge": "br-x"}"""))];
        for (int i = 0; i < given.Length; i++)
        {
            Field whole = given[i];
            foreach (JsonNode spoiled in Mutations.Of(JsonNode.Parse(whole.Json)!))
            {
                given[i] = Field.Parse(spoiled.ToJsonString());
                Ask(ClusterObjects.Given(given), given, networks);
            }

            given[i] = whole;
        }
    }

    private static void Ask(ClusterObjects cluster, Field[] given, NetworkDefinition[] networks)
    {
        var context = new RuleContext { Now = Catalog.Now, Cluster = cluster };
        foreach (KubernetesObject? view in given.Select(ResourceKinds.View))
        {
            if (view is NodeNetworkConfigurationPolicy policy)
            {
                foreach (NodeInterface entry in policy.State.Interfaces)
                {
                    cluster.NodeNetworks.With(policy).NetworksAbove(policy, entry, cluster);
                }

                NodeRoles.Of(policy, context);
            }
            else if (view is VirtualMachine machine)
            {
                cluster.NodeNetworks.HostNodes(machine);
            }
        }

        foreach (NetworkDefinition network in networks.Concat(given.Select(ResourceKinds.View).OfType<NetworkDefinition>()))
        {
            NetworkPath path = cluster.NodeNetworks.Below(network, context);
            Assert.DoesNotContain(null, path.Unverified.Concat(path.Paths.Select(below => path.Chain(below, below.Weakest, 256))));
            cluster.NodeNetworks.NearestTo(network);
        }
    }

    private static NetworkPath Path(string network, string given) =>
        Catalog.Given(given).NodeNetworks.Below((NetworkDefinition)Catalog.Parse(network), Context);

    private static string Network(string config) =>
        $"{{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {{name: net0, namespace: erp-db, labels: {{infoscale.internal/role: llt}}}}, spec: {{config: '{config}'}}}}";

    private static string Bonded(int second) => $$"""
        interfaces:
        - {name: br-llt1, type: ovs-bridge, bridge: {port: [{name: bond0}, {name: br-llt1}]} }
        - {name: br-llt1, type: ovs-interface, mtu: 9000}
        - {name: bond0, type: bond, mtu: 9000, link-aggregation: {mode: active-backup, port: [ens3f0, ens4f0]} }
        - {name: ens3f0, type: ethernet, mtu: "{{second}}"}
        - {name: ens4f0, type: ethernet, mtu: 9000}
        ovn: {bridge-mappings: [{localnet: physnet-llt1, bridge: br-llt1}]}
        """;

    private static string Policy(string name, string? host, string state, string switchMtu = "") =>
        Object("nmstate.io/v1", "NodeNetworkConfigurationPolicy", name, $"infoscale.internal/switch-mtu: '{switchMtu}'", $"""
            spec:
              nodeSelector: {(host is null ? "" : "{kubernetes.io/hostname: " + host + "}")}
              desiredState:
                {Indented(state)}
            """);

    private static string State(string node, string state) =>
        Object("nmstate.io/v1beta1", "NodeNetworkState", node, "a: b", $"""
            status:
              lastSuccessfulUpdateTime: "2026-06-01T08:00:00Z"
              currentState:
                {Indented(state)}
            """);

    private static string Object(string version, string kind, string name, string annotation, string rest) =>
        "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: " + name + ", annotations: {" + annotation + "}}\n" + rest + "\n";

    private static string Indented(string state) => state.TrimEnd().ReplaceLineEndings("\n    ");
}
