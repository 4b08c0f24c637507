using System.Text.Json.Nodes;
using Webhook.Resources.Json;
using Webhook.Rules.Storage;

namespace Webhook.Rules.Tests.Storage;

public sealed class ProtocolTableTests
{
    [Theory]
    [InlineData("iscsi.csi.k8s.io", "", "iscsi")]
    [InlineData("csi.trident.netapp.io", "", null)]
    [InlineData("csi.trident.netapp.io", "backendType=ontap-san", null)]
    [InlineData("csi.trident.netapp.io", "backendType=ontap-san-economy", null)]
    [InlineData("csi.trident.netapp.io", "storagePools=pool1:.*", null)]
    [InlineData("csi.trident.netapp.io", "backendType=ontap-nas", "nfs/smb")]
    [InlineData("csi.trident.netapp.io", "backendType=ontap-nas-flexgroup", "nfs/smb")]
    [InlineData("csi.trident.netapp.io", "backendType=google-cloud-netapp-volumes", "nfs/smb")]
    [InlineData("csi.trident.netapp.io", "backendType=solidfire-san", "iscsi")]
    [InlineData("csi-powerstore.dellemc.com", "", null)]
    [InlineData("csi-powerstore.dellemc.com", "csi.storage.k8s.io/fstype=ext4", null)]
    [InlineData("csi-powerstore.dellemc.com", "csi.storage.k8s.io/fstype=nfs", "nfs")]
    [InlineData("csi-powermax.dellemc.com", "SRP=SRP_1", null)]
    [InlineData("csi-powermax.dellemc.com", "csi.storage.k8s.io/fstype=nfs", "nfs")]
    [InlineData("csi-unity.dellemc.com", "", null)]
    [InlineData("csi-unity.dellemc.com", "protocol=", null)]
    [InlineData("csi-unity.dellemc.com", "protocol=iSCSI", "iscsi")]
    [InlineData("csi-unity.dellemc.com", "protocol=ISCSI", "iscsi")]
    [InlineData("csi-unity.dellemc.com", "protocol=FC", "fc")]
    [InlineData("csi-unity.dellemc.com", "protocol=FIBER", "fc")]
    [InlineData("csi-unity.dellemc.com", "protocol=NFS", "nfs")]
    [InlineData("csi-unity.dellemc.com", "protocol=smoke", null)]
    [InlineData("csi-vxflexos.dellemc.com", "", "powerflex")]
    [InlineData("csi-vxflexos.dellemc.com", "csi.storage.k8s.io/fstype=nfs", "nfs")]
    [InlineData("csi-isilon.dellemc.com", "", "nfs")]
    [InlineData("csi.hpe.com", "", "iscsi")]
    [InlineData("csi.hpe.com", "accessProtocol=iscsi", "iscsi")]
    [InlineData("csi.hpe.com", "accessProtocol=fc", "fc")]
    [InlineData("csi.hpe.com", "accessProtocol=nvmetcp", "nvme")]
    [InlineData("csi.hpe.com", "accessProtocol=nfs", "nfs")]
    [InlineData("csi.hpe.com", "accessProtocol=other", null)]
    [InlineData("xspc.csi.hpe.com", "", null)]
    [InlineData("hspc.csi.hitachi.com", "connectionType=iscsi", null)]
    [InlineData("pure-csi", "backend=file", "nfs")]
    [InlineData("pure-csi", "backend=block", null)]
    [InlineData("pxd.portworx.com", "repl=3", "portworx")]
    [InlineData("pxd.portworx.com", "backend=pure_block", null)]
    [InlineData("pxd.portworx.com", "backend=pure_file", "nfs")]
    [InlineData("pxd.portworx.com", "backend=pure_fa_file", "nfs")]
    [InlineData("kubernetes.io/portworx-volume", "", "portworx")]
    [InlineData("block.csi.ibm.com", "pool=demo", null)]
    [InlineData("infinibox-csi-driver", "", null)]
    [InlineData("infinibox-csi-driver", "storage_protocol=iscsi", "iscsi")]
    [InlineData("infinibox-csi-driver", "storage_protocol=fc", "fc")]
    [InlineData("infinibox-csi-driver", "storage_protocol=nvme", "nvme")]
    [InlineData("infinibox-csi-driver", "storage_protocol=nfs_treeq", "nfs")]
    [InlineData("csi.huawei.com", "volumeType=lun", null)]
    [InlineData("csi.huawei.com", "volumeType=fs", "file")]
    [InlineData("csi.huawei.com", "protocol=nfs", "nfs")]
    [InlineData("csi.huawei.com", "volumeType=lun;protocol=iscsi", null)]
    [InlineData("csi.san.synology.com", "", "iscsi")]
    [InlineData("csi.san.synology.com", "protocol=smb", "smb")]
    [InlineData("csi.san.synology.com", "protocol=nfs", "nfs")]
    [InlineData("tns.csi.io", "", null)]
    [InlineData("tns.csi.io", "protocol=nvmeof", "nvme")]
    [InlineData("tns.csi.io", "protocol=iscsi", "iscsi")]
    [InlineData("csi.trident.qnap.io", "", null)]
    [InlineData("csi-exos-x.seagate.com", "", null)]
    [InlineData("csi-exos-x.seagate.com", "storageProtocol=iscsi", "iscsi")]
    [InlineData("csi-exos-x.seagate.com", "storageProtocol=sas", "sas")]
    [InlineData("blockvolume.csi.oraclecloud.com", "", "iscsi")]
    [InlineData("blockvolume.csi.oraclecloud.com", "attachment-type=paravirtualized", "paravirtualized")]
    [InlineData("driver.longhorn.io", "numberOfReplicas=3", "longhorn")]
    [InlineData("jiva.csi.openebs.io", "", "iscsi")]
    [InlineData("openebs.io/provisioner-iscsi", "", "iscsi")]
    [InlineData("cstor.csi.openebs.io", "", "iscsi")]
    [InlineData("io.openebs.csi-mayastor", "protocol=nvmf", "nvme")]
    [InlineData("linstor.csi.linbit.com", "", "drbd")]
    [InlineData("csi.lightbitslabs.com", "", "nvme")]
    [InlineData("rbd.csi.ceph.com", "", "rbd")]
    [InlineData("openshift-storage.rbd.csi.ceph.com", "", "rbd")]
    [InlineData("rook-ceph.cephfs.csi.ceph.com", "", "cephfs")]
    [InlineData("rook-ceph.nvmeof.csi.ceph.com", "", "nvme")]
    [InlineData("rook-ceph.nfs.csi.ceph.com", "", "nfs")]
    [InlineData("notrbd.csi.ceph.com", "", null)]
    [InlineData(".rbd.csi.ceph.com", "", null)]
    [InlineData("nfs.csi.k8s.io", "", "nfs")]
    [InlineData("file.csi.azure.com", "", "azure-file")]
    [InlineData("kubernetes.io/rbd", "", "rbd")]
    [InlineData("csi.vsphere.vmware.com", "", "vmdk")]
    [InlineData("csi.vsphere.vmware.com", "csi.storage.k8s.io/fstype=nfs4", "nfs")]
    [InlineData("ebs.csi.aws.com", "", "ebs")]
    [InlineData("spectrumscale.csi.ibm.com", "", "gpfs")]
    [InlineData("topolvm.io", "", "local")]
    [InlineData("kubevirt.io.hostpath-provisioner", "", "local")]
    [InlineData("kubernetes.io/no-provisioner", "", null)]
    [InlineData("org.democratic-csi.iscsi", "", null)]
    [InlineData("", "", null)]
    public void A_class_serves_the_protocol_of_its_driver_and_parameters(string driver, string parameters, string? protocol) =>
        Assert.Equal(protocol, ProtocolTable.OfClass(driver, Map(parameters), RuleSettings.Default));

    [Theory]
    [InlineData("iscsi.csi.k8s.io", "", "iscsi")]
    [InlineData("openshift-storage.rbd.csi.ceph.com", "", "rbd")]
    [InlineData("csi.hpe.com", "accessProtocol=fc", "fc")]
    [InlineData("csi.hpe.com", "", null)]
    [InlineData("blockvolume.csi.oraclecloud.com", "", null)]
    [InlineData("org.democratic-csi.anything", "node_attach_driver=iscsi", "iscsi")]
    [InlineData("org.democratic-csi.iscsi", "node_attach_driver=nvmeof", "nvme")]
    [InlineData("org.democratic-csi.iscsi", "", null)]
    public void An_attribute_that_a_volume_lacks_proves_nothing(string driver, string attributes, string? protocol) =>
        Assert.Equal(protocol, ProtocolTable.OfVolume(driver, Map(attributes), RuleSettings.Default));

    [Theory]
    [InlineData("org.democratic-csi.iscsi", "iscsi")]
    [InlineData("one.san.example.com", "fc")]
    [InlineData("two.san.example.com", "iscsi")]
    [InlineData("san.example.com", "fc")]
    [InlineData("xsan.example.com", null)]
    [InlineData("csi.hpe.com", "fc")]
    public void The_admins_drivers_go_before_the_table_and_the_longest_suffix_counts(string driver, string? protocol)
    {
        var settings = new RuleSettings
        {
            StorageDrivers = new Dictionary<string, string>
            {
                ["org.democratic-csi.iscsi"] = "iSCSI",
                ["*.san.example.com"] = "fc",
                ["two.san.example.com"] = "iscsi",
                ["csi.hpe.com"] = "fc",
            },
        };
        Assert.Equal(protocol, ProtocolTable.OfClass(driver, Map(""), settings));
    }

    [Fact]
    public void Every_row_names_its_source_and_a_row_without_a_protocol_says_where_it_is_decided()
    {
        Assert.All(ProtocolTable.Drivers, static row =>
        {
            Assert.Matches("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+ [A-Za-z0-9_./-]+", row.Source);
            Assert.True(row.Otherwise is not null || row.Elsewhere.Length is > 10 and < 60, row.Name);
            Assert.All(row.Parameters.SelectMany(static parameter => parameter.Protocols.Values).Append(row.Otherwise ?? "x"),
                static protocol => Assert.Equal(ProtocolTable.Word(protocol), protocol));
        });
        Assert.Distinct(ProtocolTable.Drivers.Select(static row => row.Name));
    }

    [Fact]
    public void A_parameter_of_another_type_than_string_tells_nothing()
    {
        var parameters = Field.Parse("""{"protocol": 7}""");
        Assert.Null(ProtocolTable.OfClass("csi-unity.dellemc.com", parameters, RuleSettings.Default));
        Assert.Equal("iscsi", ProtocolTable.OfClass("csi.hpe.com", Field.Parse("[]"), RuleSettings.Default));
    }

    private static Field Map(string pairs)
    {
        var map = new JsonObject();
        foreach (string pair in pairs.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            map[parts[0]] = parts[1];
        }

        return Field.Parse(map.ToJsonString());
    }
}
