using System.Net;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules.Network;

namespace Webhook.Rules.Tests;

/// <summary>What a view answers after changes, and what of it stays the same.</summary>
public sealed class ClusterChangesTests
{
    [Fact]
    public void A_view_that_has_seen_nothing_knows_nothing()
    {
        Assert.Equal("no StorageClass was looked up", ClusterObjects.Empty.StorageClass("fast").Unverified);
        Assert.Equal("no VirtualMachine was looked up", ClusterObjects.Empty.MembersOf("erp-db", "erp").Unverified);
        Assert.Equal("no NetworkAttachmentDefinition was looked up", ClusterObjects.Empty.NetworksOn("br-llt1").Unverified);
        Assert.Equal("no Node was looked up", ClusterObjects.Empty.Nodes().Unverified);
    }

    [Fact]
    public void After_a_complete_list_what_is_not_in_it_is_absent_even_if_it_is_empty()
    {
        ClusterObjects empty = ClusterObjects.Empty.Replace(ClusterKind.StorageClass, []);
        Assert.True(empty.StorageClass("fast").IsAbsent);
        Assert.True(empty.DefaultStorageClass(forVirtualMachines: true).IsAbsent);
        Assert.Equal("no PersistentVolume was looked up", empty.PersistentVolume("pv").Unverified);
        ClusterObjects one = empty.Replace(ClusterKind.StorageClass, [Class("fast", isDefault: true)]);
        Assert.Equal("fast", one.DefaultStorageClass(forVirtualMachines: true).Found?.Name);
        ClusterObjects other = one.Replace(ClusterKind.StorageClass, [Class("slow", isDefault: false)]);
        Assert.True(other.StorageClass("fast").IsAbsent);
        Assert.True(other.DefaultStorageClass(forVirtualMachines: true).IsAbsent);
        Assert.Equal("fast", one.StorageClass("fast").Found?.Name);
    }

    [Fact]
    public void A_list_may_leave_out_what_kind_its_items_are()
    {
        Field bare = Parse("metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1}}");
        Assert.Equal("worker-1", ClusterObjects.Empty.Replace(ClusterKind.Node, [bare]).Nodes().Found.Single().Name);
        Assert.Empty(ClusterObjects.Empty.Replace(ClusterKind.Namespace, [Class("fast", isDefault: false)]).Objects(ClusterKind.Namespace).Found);
    }

    [Fact]
    public void Of_a_kind_that_is_not_served_nothing_is_known_but_what_files_add()
    {
        ClusterObjects cluster = ClusterObjects.Empty.Replace(ClusterKind.VirtualMachine, [Machine("a", "172.30.1.11")])
            .Replace(ClusterKind.VirtualMachineInstance, [])
            .NotServed(ClusterKind.VirtualMachine, "VirtualMachines may not be listed");
        Assert.Equal("VirtualMachines may not be listed", cluster.VirtualMachine("erp-db", "a").Unverified);
        LookupAll<VirtualMachine> none = cluster.MachinesWith(IPAddress.Parse("172.30.1.11"));
        Assert.Equal(("VirtualMachines may not be listed", 0), (none.Unverified, none.Found.Count));
        LookupAll<VirtualMachine> some = ClusterObjects.Given([Machine("b", "172.30.1.12")]).Over(cluster).MachinesWith(IPAddress.Parse("172.30.1.12"));
        Assert.Equal(("VirtualMachines may not be listed", "b"), (some.Unverified, some.Found.Single().Name));
    }

    [Fact]
    public void An_object_that_is_added_changed_and_removed_is_found_by_its_keys_of_that_moment_only()
    {
        ClusterObjects before = ClusterObjects.Empty.Replace(ClusterKind.VirtualMachine, []).Replace(ClusterKind.VirtualMachineInstance, []);
        ClusterObjects added = before.With(Machine("a", "172.30.1.11"));
        ClusterObjects moved = added.With(Machine("a", "172.30.1.12", network: "llt2", cluster: "crm"));
        ClusterObjects gone = moved.Without(ClusterKind.VirtualMachine, "erp-db", "a");
        Assert.Equal(["", "a", "", ""], Answers(static view => view.MachinesWith(IPAddress.Parse("172.30.1.11"))));
        Assert.Equal(["", "", "a", ""], Answers(static view => view.MachinesWith(IPAddress.Parse("172.30.1.12"))));
        Assert.Equal(["", "a", "", ""], Answers(static view => view.MachinesOn("erp-db", "llt1")));
        Assert.Equal(["", "", "a", ""], Answers(static view => view.MachinesOn("erp-db", "llt2")));
        Assert.Equal(["", "a", "", ""], Answers(static view => view.MembersOf("erp-db", "erp")));
        Assert.Equal(["", "", "a", ""], Answers(static view => view.MembersOf("erp-db", "crm")));

        string[] Answers(Func<ClusterView, LookupAll<VirtualMachine>> question) =>
            [.. new[] { before, added, moved, gone }.Select(view => string.Join(' ', question(view).Found.Select(static machine => machine.Name)))];
    }

    [Fact]
    public void An_object_that_does_not_change_stays_the_view_that_it_was()
    {
        ClusterObjects cluster = ClusterObjects.Empty.Replace(ClusterKind.VirtualMachine, [Machine("a", "172.30.1.11"), Machine("b", "172.30.1.12")]);
        VirtualMachine? kept = cluster.VirtualMachine("erp-db", "a").Found;
        Assert.Same(cluster, cluster.With(Machine("a", "172.30.1.11")));
        Assert.Same(cluster, cluster.Without(ClusterKind.VirtualMachine, "erp-db", "c"));
        ClusterObjects again = cluster.Replace(ClusterKind.VirtualMachine, [Machine("a", "172.30.1.11"), Machine("b", "172.30.1.13")]);
        Assert.Same(kept, again.VirtualMachine("erp-db", "a").Found);
        Assert.Equal("b", Assert.Single(again.MachinesWith(IPAddress.Parse("172.30.1.13")).Found).Name);
    }

    [Fact]
    public void Files_laid_over_a_cluster_take_the_place_of_what_it_holds_and_leave_the_rest()
    {
        ClusterObjects cluster = ClusterObjects.Empty.Replace(ClusterKind.VirtualMachine, [Machine("a", "172.30.1.11"), Machine("b", "172.30.1.12")])
            .Replace(ClusterKind.VirtualMachineInstance, []).Replace(ClusterKind.StorageClass, []);
        ClusterObjects over = ClusterObjects.Given([Machine("b", "172.30.1.21"), Class("fast", isDefault: true)]).Over(cluster);
        Assert.Equal("a b", Names(over.MembersOf("erp-db", "erp")));
        Assert.Equal("", Names(over.MachinesWith(IPAddress.Parse("172.30.1.12"))));
        Assert.Equal("b", Names(over.MachinesWith(IPAddress.Parse("172.30.1.21"))));
        Assert.True(over.VirtualMachine("erp-db", "c").IsAbsent);
        Assert.Equal("fast", over.DefaultStorageClass(forVirtualMachines: false).Found?.Name);
        Assert.Equal("no Node was looked up", over.Nodes().Unverified);
        Assert.Equal("172.30.1.12", cluster.Current(new VirtualMachine(Machine("b", "172.30.1.21")))?.Annotation("was").Text);
        Assert.Null(cluster.Current(new VirtualMachine(Machine("c", "172.30.1.21"))));
    }

    [Fact]
    public void Unlike_objects_of_one_name_are_answered_alike_in_any_order()
    {
        Field[] objects = [Machine("a", "172.30.1.11"), Machine("a", "172.30.1.12", network: "llt2"), Class("fast", true), Class("fast", false)];
        ClusterObjects given = ClusterObjects.Given(objects), reversed = ClusterObjects.Given(objects.Reverse());
        Assert.Equal("unlike VirtualMachine objects of one name were given", given.VirtualMachine("erp-db", "a").Unverified);
        Assert.Equal("unlike StorageClass objects of one name were given", given.DefaultStorageClass(forVirtualMachines: false).Unverified);
        Assert.Equal("172.30.1.11", given.MembersOf("erp-db", "erp").Found.Single().Annotation("was").Text);
        Assert.Equal("172.30.1.11", reversed.MembersOf("erp-db", "erp").Found.Single().Annotation("was").Text);
        Assert.Equal("172.30.1.12", given.MachinesOn("erp-db", "llt2").Found.Single().Annotation("was").Text);
        ClusterObjects over = given.Over(ClusterObjects.Empty.Replace(ClusterKind.VirtualMachine, []));
        Assert.Equal("unlike VirtualMachine objects of one name were given", over.VirtualMachine("erp-db", "a").Unverified);
        Assert.Equal("", Names(over.Without(ClusterKind.VirtualMachine, "erp-db", "a").MachinesOn("erp-db", "llt2")));
    }

    [Fact]
    public void The_instance_of_a_machine_is_no_machine_beside_it()
    {
        ClusterObjects given = ClusterObjects.Given(
        [
            Machine("a", "172.30.1.11"),
            Parse(
                """
                apiVersion: kubevirt.io/v1
                kind: VirtualMachineInstance
                metadata:
                  name: a
                  namespace: erp-db
                  labels: {infoscale.internal/cluster: erp}
                  ownerReferences: [{apiVersion: kubevirt.io/v1, kind: VirtualMachine, name: a, controller: true}]
                """),
            Parse("{apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, metadata: {name: alone, namespace: erp-db, labels: {infoscale.internal/cluster: erp}}}"),
        ]);
        Assert.Equal("a alone", Names(given.MembersOf("erp-db", "erp")));
        Assert.Equal("a", given.VirtualMachineInstance("erp-db", "a").Found?.Name);
        Assert.True(given.VirtualMachineInstance("erp-db", "b").IsAbsent);
    }

    [Fact]
    public void Policies_are_found_by_interface_mapping_and_address()
    {
        ClusterObjects given = ClusterObjects.Given(
        [
            Parse(
                """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata: {name: llt}
                spec:
                  desiredState:
                    interfaces:
                    - {name: br-llt1, type: linux-bridge, ipv4: {enabled: true, address: [{ip: 172.30.1.1, prefix-length: 24}]}}
                    - {name: old, type: linux-bridge, state: absent}
                    ovn: {bridge-mappings: [{localnet: physnet-llt1, bridge: br-ovs}]}
                """),
        ]);
        Assert.Equal("llt", Names(given.PoliciesConfiguring("br-llt1")));
        Assert.Equal("llt", Names(given.PoliciesConfiguring("old")));
        Assert.Equal("", Names(given.PoliciesConfiguring("br-ovs")));
        Assert.Equal("llt", Names(given.PoliciesMapping("physnet-llt1")));
        Assert.Equal("llt", Names(given.PoliciesWith(IPAddress.Parse("172.30.1.1"))));
        Assert.Equal("no NodeNetworkConfigurationPolicy was looked up", ClusterObjects.Empty.PoliciesConfiguring("br-llt1").Unverified);
    }

    private const string Shared =
        """
        apiVersion: k8s.ovn.org/v1
        kind: ClusterUserDefinedNetwork
        metadata: {name: llt1, labels: {infoscale.internal/role: llt}}
        spec:
          namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [db]}]}
          network: {topology: Localnet, localnet: {role: Secondary, physicalNetworkName: physnet-llt1}}
        """;

    private const string Generated =
        """

        ---
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata:
          name: llt1
          namespace: erp-db
          ownerReferences: [{apiVersion: k8s.ovn.org/v1, kind: ClusterUserDefinedNetwork, name: llt1, controller: true}]
        spec:
          config: '{"name": "cluster_udn_llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "physnet-llt1"}'
        """;

    private const string Namespaces =
        """

        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: erp-db, labels: {team: db}}}
        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: web, labels: {team: web}}}
        """;

    [Theory]
    [InlineData(Shared + Namespaces, "erp-db", "ClusterUserDefinedNetwork")]
    [InlineData(Shared + Namespaces, "web", "no NetworkAttachmentDefinition was given")]
    [InlineData(Shared + Namespaces + Generated, "web", "absent")]
    [InlineData(Shared, "erp-db", "ClusterUserDefinedNetwork llt1 may generate it, but no Namespace was given")]
    [InlineData(Shared + Namespaces, "", "ClusterUserDefinedNetwork llt1 may generate it, but its namespace is not known")]
    [InlineData(Shared + Generated, "erp-db", "ClusterUserDefinedNetwork")]
    [InlineData(Generated, "erp-db", "no ClusterUserDefinedNetwork was given")]
    public void A_generated_definition_is_answered_by_the_network_that_generates_it(string given, string @namespace, string expected)
    {
        Lookup<NetworkDefinition> lookup = Catalog.Given(given).Network(@namespace, "llt1");
        Assert.Equal(expected, lookup.Found?.Kind ?? lookup.Unverified ?? "absent");
    }

    [Fact]
    public void A_generated_definition_whose_network_is_gone_is_answered_itself()
    {
        ClusterObjects cluster = Catalog.Given(Generated).Over(
            ClusterObjects.Empty.Replace(ClusterKind.ClusterUserDefinedNetwork, []).Replace(ClusterKind.NetworkAttachmentDefinition, []));
        Assert.Equal("NetworkAttachmentDefinition", cluster.Network("erp-db", "llt1").Found?.Kind);
    }

    [Fact]
    public void A_network_is_not_listed_a_second_time_as_what_it_generates()
    {
        Assert.Equal("ClusterUserDefinedNetwork", Assert.Single(Catalog.Given(Shared + Generated).NetworksOn("physnet-llt1").Found).Kind);
        Assert.Equal("NetworkAttachmentDefinition", Assert.Single(Catalog.Given(Generated).NetworksOn("physnet-llt1").Found).Kind);
        Assert.Equal("NetworkAttachmentDefinition", Assert.Single(Catalog.Given(Shared + Generated).NetworksNamed("cluster_udn_llt1").Found).Kind);
    }

    [Fact]
    public void What_is_worked_out_from_nodes_is_kept_until_one_of_their_kinds_changes()
    {
        Field node = Parse("{apiVersion: v1, kind: Node, metadata: {name: worker-1}}");
        ClusterObjects cluster = ClusterObjects.Empty.Replace(ClusterKind.Node, [node]);
        NodeNetworks worked = cluster.NodeNetworks;
        Assert.Same(worked, cluster.NodeNetworks);
        Assert.Same(worked, cluster.With(Machine("a", "172.30.1.11")).NodeNetworks);
        Assert.Same(worked, cluster.With(node).NodeNetworks);
        Assert.NotSame(worked, cluster.With(Parse("{apiVersion: nmstate.io/v1beta1, kind: NodeNetworkState, metadata: {name: worker-1}}")).NodeNetworks);
        Assert.NotSame(worked, cluster.Without(ClusterKind.Node, "", "worker-1").NodeNetworks);
    }

    [Fact]
    public void Machines_and_networks_of_a_namespace_are_judged_in_it()
    {
        ClusterObjects given = ClusterObjects.Given([Machine("a", "172.30.1.11"), Class("fast", false), .. ManifestReader.Read(Generated).Select(static read => read.Root)]);
        Assert.Equal("a llt1", Names(given.JudgedIn("erp-db")));
        Assert.Equal("", Names(given.JudgedIn("web")));
    }

    [Fact]
    public void What_a_shared_view_remembers_fits_together_for_all_who_ask_at_once()
    {
        Field root = Parse(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            metadata: {name: a, namespace: erp-db}
            spec:
              template:
                spec:
                  domain: {devices: {interfaces: [{name: llt1, macAddress: "02:50:00:0e:01:11"}]}}
                  volumes: [{name: c, cloudInitNoCloud: {networkData: '{version: 2, ethernets: {e: {match: {macaddress: "02:50:00:0e:01:11"}, addresses: [172.30.1.11/24]}}}'}}]
            """);
        for (int round = 0; round < 500; round++)
        {
            var machine = new VirtualMachine(root);
            Parallel.For(0, 4, _ => Assert.True(machine.GuestNetwork.Of(machine.Nics[0])?.HasAddress));
        }
    }

    private static string Names<T>(LookupAll<T> lookup)
        where T : KubernetesObject => string.Join(' ', lookup.Found.Select(static found => found.Name));

    private static Field Parse(string yaml) => ManifestReader.Read(yaml).Single().Root;

    private static Field Class(string name, bool isDefault) => Parse(
        $$"""
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: {{name}}, annotations: {storageclass.kubernetes.io/is-default-class: "{{(isDefault ? "true" : "false")}}"} }
        """);

    private static Field Machine(string name, string address, string network = "llt1", string cluster = "erp") => Parse(
        $$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: {{name}}, namespace: erp-db, labels: {infoscale.internal/cluster: {{cluster}} }, annotations: {was: {{address}} } }
        spec:
          template:
            spec:
              domain: {devices: {interfaces: [{name: llt1, bridge: {} }, {name: gone, bridge: {}, state: absent}]} }
              networks: [{name: llt1, multus: {networkName: {{network}} } }, {name: gone, multus: {networkName: other} }]
              volumes:
              - name: cloudinit
                cloudInitNoCloud:
                  networkData: |
                    version: 2
                    ethernets: {llt1: {addresses: [{{address}}/24]} }
        """);
}
