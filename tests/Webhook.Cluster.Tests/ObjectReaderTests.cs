using System.Text;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Cluster.Tests;

public sealed class ObjectReaderTests
{
    [Fact]
    public void Bookkeeping_and_copies_of_the_object_are_left_out()
    {
        string kept = Kept(ClusterKind.Node, "v1",
            """
            {"metadata":{"name":"n1","uid":"u","resourceVersion":"7","generation":3,"finalizers":["x"],"managedFields":[{"manager":"m"}],"labels":{"a":"b"},
            "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"password\":\"hunter2\"}","k":"v"}},
            "spec":{"taints":[{"key":"t"}]},"status":{"images":[{"names":["i"]}]}}
            """);
        Assert.Equal(
            """{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","uid":"u","labels":{"a":"b"},"annotations":{"k":"v"}},"spec":{"taints":[{"key":"t"}]}}""", kept);
    }

    [Fact]
    public void User_data_of_a_virtual_machine_is_left_out_and_its_network_data_stays()
    {
        string kept = Kept(ClusterKind.VirtualMachine, "kubevirt.io/v1",
            """
            {"metadata":{"name":"vm"},"spec":{"template":{"spec":{"accessCredentials":[{"sshPublicKey":{}}],
            "volumes":[{"name":"ci","cloudInitNoCloud":{"userData":"password: hunter2","userDataBase64":"aHVudGVyMg==","networkData":"version: 2\nethernets: {\"e\\u00e9\": {}}"}}]}},
            "dataVolumeTemplates":[{"spec":{"source":{"http":{"url":"u","extraHeaders":["Authorization: Bearer hunter2"]}}}}]},
            "status":{"created":true,"ready":false,"printableStatus":"Running","volumeSnapshotStatuses":[{}]}}
            """);
        Assert.Equal(
            """
            {"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":{"name":"vm"},"spec":{"template":{"spec":{"volumes":[{"name":"ci",
            "cloudInitNoCloud":{"networkData":"version: 2\nethernets: {\"e\\u00e9\": {}}"}}]}},"dataVolumeTemplates":[{"spec":{"source":{"http":{"url":"u"}}}}]},
            "status":{"created":true,"ready":false,"printableStatus":"Running"}}
            """.ReplaceLineEndings(""),
            kept);
    }

    [Fact]
    public void The_state_of_a_node_keeps_what_the_chain_reads()
    {
        string kept = Kept(ClusterKind.NodeNetworkState, "nmstate.io/v1beta1",
            """
            {"metadata":{"name":"n1"},"status":{"lastSuccessfulUpdateTime":"2026-01-01T00:00:00Z","conditions":[{}],"currentState":{
            "dns-resolver":{"running":{}},"ovn":{"bridge-mappings":[]},
            "interfaces":[{"name":"eth0","mtu":9000,"max-mtu":9216,"ethtool":{"feature":{"a":true}},"lldp":{"neighbors":[[{"type":127}]]}}],
            "routes":{"config":[{"destination":"10.0.0.0/8"}],"running":[{"destination":"10.0.0.0/8"},{"destination":"0.0.0.0/0","next-hop-interface":"br-ex"}]}}}}
            """);
        Assert.Equal(
            """
            {"apiVersion":"nmstate.io/v1beta1","kind":"NodeNetworkState","metadata":{"name":"n1"},"status":{"lastSuccessfulUpdateTime":"2026-01-01T00:00:00Z",
            "currentState":{"ovn":{"bridge-mappings":[]},"interfaces":[{"name":"eth0","mtu":9000,"max-mtu":9216,"lldp":{"neighbors":[[{"type":127}]]}}],
            "routes":{"config":[{"destination":"10.0.0.0/8"}],"running":[{"destination":"0.0.0.0/0","next-hop-interface":"br-ex"}]}}}}
            """.ReplaceLineEndings(""),
            kept);
    }

    [Fact]
    public void Secrets_among_parameters_and_in_the_state_of_interfaces_are_left_out()
    {
        string kept = Kept(ClusterKind.StorageClass, "storage.k8s.io/v1",
            """{"metadata":{"name":"s"},"provisioner":"p","parameters":{"restuserkey":"hunter2","adminPassword":"hunter2","csi.storage.k8s.io/node-stage-secret-name":"chap","protocol":"iscsi"}}""");
        Assert.Contains("""parameters":{"csi.storage.k8s.io/node-stage-secret-name":"chap","protocol":"iscsi"}""", kept, StringComparison.Ordinal);
        kept = Kept(ClusterKind.NodeNetworkConfigurationPolicy, "nmstate.io/v1",
            """{"metadata":{"name":"s"},"spec":{"desiredState":{"interfaces":[{"name":"e","802.1x":{"identity":"i","private-key-password":"hunter2"}},{"name":"i","libreswan":{"psk":"hunter2","left":"l"}}]}}}""");
        Assert.DoesNotContain("hunter2", kept, StringComparison.Ordinal);
        Assert.Contains("\"left\":\"l\"", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_kept_of_a_status_is_read_by_a_view()
    {
        Assert.Equal("true", new VolumeAttachment(Field(ClusterKind.VolumeAttachment, """{"metadata":{"name":"a"},"status":{"attachmentMetadata":{"k":"true"}}}""")).AttachmentMetadata["k"].Text);
        Assert.Equal(8900, new ClusterNetwork(Field(ClusterKind.ClusterNetwork, """{"metadata":{"name":"cluster"},"status":{"clusterNetworkMTU":8900}}""")).Mtu);
        Assert.Equal(1, new StorageProfile(Field(ClusterKind.StorageProfile, """{"metadata":{"name":"a"},"status":{"claimPropertySets":[{}]}}""")).ClaimPropertySets.Count);
        Assert.Equal("Running", Field(ClusterKind.VirtualMachineInstance, """{"metadata":{"name":"a"},"status":{"phase":"Running"}}""")["status"]["phase"].Text);
        Assert.Equal("Bound", Field(ClusterKind.PersistentVolumeClaim, """{"metadata":{"name":"a"},"status":{"phase":"Bound"}}""")["status"]["phase"].Text);
    }

    [Fact]
    public void An_unchanged_object_is_given_back_and_unchanged_content_is_not_kept_twice()
    {
        var reader = new ObjectReader(ClusterKind.Node);
        StoredObject first = Read(reader, """{"metadata":{"name":"n","uid":"u","resourceVersion":"1"},"status":{"a":1}}""", null);
        Assert.Same(first, Read(reader, """{"metadata":{"name":"n","uid":"u","resourceVersion":"1"},"status":{"a":1}}""", first));
        StoredObject second = Read(reader, """{"metadata":{"name":"n","uid":"u","resourceVersion":"2"},"status":{"a":2}}""", first);
        Assert.Equal("2", second.ResourceVersion);
        Assert.Equal(first.Root, second.Root);
    }

    private static Field Field(ClusterKind kind, string json) => Read(new ObjectReader(kind), json, null).Root;

    private static string Kept(ClusterKind kind, string apiVersion, string json) =>
        new ObjectReader(kind).Read(Encoding.UTF8.GetBytes(json), apiVersion, static _ => null).Root.Json;

    private static StoredObject Read(ObjectReader reader, string json, StoredObject? known) =>
        reader.Read(Encoding.UTF8.GetBytes(json), "v1", _ => known);
}
