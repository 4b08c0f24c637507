using Webhook.Resources.Json;

namespace Webhook.Rules.Storage;

/// <summary>
/// Which protocol a storage driver serves. Protocols are words in lower case: <see cref="Iscsi"/>, <see cref="Local"/> for disks of one node,
/// and any other. Defaults of absent parameters differ by vendor; where the decision stands in a backend or Secret, the table says unknown.
/// </summary>
public static class ProtocolTable
{
    /// <summary>The one protocol of the guide.</summary>
    public const string Iscsi = "iscsi";

    /// <summary>Disks of the node itself.</summary>
    public const string Local = "local";

    private const string Capabilities = "kubevirt/containerized-data-importer pkg/storagecapabilities/storagecapabilities.go";

    private static readonly ProtocolParameter NfsFileSystem =
        new("csi.storage.k8s.io/fstype", Words(("nfs*", "nfs"))) { IgnoresOthers = true };

    private static readonly ProtocolParameter NfsFileSystemOldKey = new("fsType", Words(("nfs*", "nfs"))) { IgnoresOthers = true };

    /// <summary>The rows, drivers that tell the protocol first.</summary>
    public static IReadOnlyList<StorageDriver> Drivers { get; } =
    [
        new("iscsi.csi.k8s.io", "kubernetes-csi/csi-driver-iscsi pkg/iscsi/iscsi.go") { Otherwise = Iscsi },
        new("csi.trident.netapp.io", "NetApp/trident frontend/csi/controller_server.go; NetAppDocs/trident trident-use/ontap-san-examples.adoc")
        {
            // ontap-san is iSCSI unless the backend says sanType nvme or fcp, so the class alone does not prove it.
            Parameters =
            [
                new("backendType", Words(("ontap-nas*", "nfs/smb"), ("azure-netapp-files*", "nfs/smb"),
                    ("google-cloud-netapp-volumes*", "nfs/smb"), ("gcp-cvs*", "nfs/smb"), ("solidfire-san", Iscsi))),
            ],
            Published =
            [
                new("SANType", Words(("iscsi", Iscsi), ("nvme", "nvme"), ("fcp", "fc"))) { IgnoresOthers = true },
                new("iscsiTargetIqn", Words(("*", Iscsi))),
                new("nfsServerIp", Words(("*", "nfs"))),
            ],
            Elsewhere = "sanType of the Trident backend decides",
        },
        new("csi-powerstore.dellemc.com", "dell/csi-powerstore samples/secret/secret.yaml, pkg/array/array.go")
        {
            Parameters = [NfsFileSystem],
            Elsewhere = "blockProtocol in the driver's Secret decides",
        },
        new("csi-powermax.dellemc.com", "dell/csi-powermax service/envvars.go, samples/configmap/powermax-array-config.yaml")
        {
            Parameters = [NfsFileSystem],
            Elsewhere = "X_CSI_TRANSPORT_PROTOCOL of the driver decides",
        },
        new("csi-unity.dellemc.com", "dell/csi-unity samples/storageclass")
        {
            Parameters = [new("protocol", Words(("iscsi", Iscsi), ("fc", "fc"), ("fiber", "fc"), ("nfs", "nfs")))],
            Elsewhere = "without the parameter protocol the driver chooses",
        },
        new("csi-vxflexos.dellemc.com", "dell/csi-powerflex samples/secret.yaml") { Parameters = [NfsFileSystem], Otherwise = "powerflex" },
        new("csi-isilon.dellemc.com", Capabilities) { Otherwise = "nfs" },
        new("csi.hpe.com", "hpe-storage/csi-driver pkg/driver/controller_server.go; hpe-storage/scod docs/csi_driver/container_storage_provider")
        {
            Parameters = [new("accessProtocol", Words(("iscsi", Iscsi), ("fc", "fc"), ("nvmetcp", "nvme"), ("nfs", "nfs")))],
            Otherwise = Iscsi,
        },
        new("xspc.csi.hpe.com", Capabilities) { Elsewhere = "connectionType decides" },
        new("hspc.csi.hitachi.com", Capabilities) { Elsewhere = "connectionType decides" },
        new("pure-csi", "purestorage/helm-charts pure-csi/README.md, pure-csi/templates/storageclass.yaml")
        {
            Parameters = [new("backend", Words(("file", "nfs"))) { IgnoresOthers = true }],
            Elsewhere = "flasharray.sanType of the driver decides",
        },
        .. Alike(["pxd.portworx.com", "kubernetes.io/portworx-volume"], static name => new(name, "libopenstorage/operator drivers/storage/portworx/util/util.go")
        {
            // Without backend it is Portworx's own network block device; with pure_block the StorageCluster names the SAN type.
            Parameters = [new("backend", Words(("pure_file", "nfs"), ("pure_fa_file", "nfs")))],
            Otherwise = "portworx",
            Elsewhere = "PURE_FLASHARRAY_SAN_TYPE of the StorageCluster decides",
        }),
        new("block.csi.ibm.com", "IBM/ibm-block-csi-driver common/config.yaml")
        {
            Published = [new("PUBLISH_CONTEXT_CONNECTIVITY", Words(("iscsi", Iscsi), ("fc", "fc"), ("nvmeofc", "nvme")))],
            Elsewhere = "the host definition decides",
        },
        new("infinibox-csi-driver", "Infinidat/infinibox-csi-driver deploy/examples")
        {
            Parameters =
            [
                new("storage_protocol", Words(("iscsi", Iscsi), ("fc", "fc"), ("nvme", "nvme"), ("nfs", "nfs"), ("nfs_treeq", "nfs"))),
            ],
        },
        new("csi.huawei.com", "Huawei/eSDK_K8S_Plugin examples, pkg/constants/storage.go")
        {
            Parameters =
            [
                new("volumeType", Words(("fs", "file"), ("dtree", "file"))) { IgnoresOthers = true },
                new("protocol", Words(("nfs*", "nfs"))),
            ],
            Elsewhere = "protocol of the backend decides",
        },
        new("csi.san.synology.com", "SynologyOpenSource/synology-csi README.md")
        {
            Parameters = [new("protocol", Words(("iscsi", Iscsi), ("smb", "smb"), ("nfs", "nfs")))],
            Otherwise = Iscsi,
        },
        new("tns.csi.io", "fenio/tns-csi README.md")
        {
            Parameters = [new("protocol", Words(("iscsi", Iscsi), ("nfs", "nfs"), ("nvmeof", "nvme"), ("smb", "smb")))],
        },
        new("csi.trident.qnap.io", "qnap-dev/QNAP-CSI-PlugIn Samples") { Elsewhere = "storageDriverName of the backend decides" },
        new("csi-exos-x.seagate.com", "Seagate/seagate-exos-x-csi example/storage-class.yaml, pkg/common/driver.go")
        {
            Parameters = [new("storageProtocol", Words(("iscsi", Iscsi), ("fc", "fc"), ("sas", "sas")))],
        },
        new("blockvolume.csi.oraclecloud.com", "oracle/oci-cloud-controller-manager pkg/csi/driver/bv_controller.go")
        {
            Parameters = [new("attachment-type", Words(("iscsi", Iscsi), ("paravirtualized", "paravirtualized")))],
            Otherwise = Iscsi,
        },
        new("driver.longhorn.io", "longhorn/longhorn README.md, chart/values.yaml")
        {
            // iSCSI is only how a node reaches its own engine; the storage is the cluster's own.
            Otherwise = "longhorn",
        },
        .. Alike(["jiva.csi.openebs.io", "openebs.io/provisioner-iscsi"], static name => new(name, "openebs/jiva-operator README.md") { Otherwise = Iscsi }),
        new("cstor.csi.openebs.io", "openebs/cstor-csi README.md") { Otherwise = Iscsi },
        new("io.openebs.csi-mayastor", "openebs/mayastor-extensions chart/values.yaml") { Otherwise = "nvme" },
        new("linstor.csi.linbit.com", "piraeusdatastore/linstor-csi README.md") { Otherwise = "drbd" },
        new("csi.lightbitslabs.com", "LightBitsLabs/los-csi README.md") { Otherwise = "nvme" },
        new("rbd.csi.ceph.com", Capabilities) { IsSuffix = true, Otherwise = "rbd" },
        new("cephfs.csi.ceph.com", Capabilities) { IsSuffix = true, Otherwise = "cephfs" },
        new("nvmeof.csi.ceph.com", "rook/rook deploy/examples/csi/nvmeof/storageclass.yaml") { IsSuffix = true, Otherwise = "nvme" },
        new("nfs.csi.ceph.com", "rook/rook deploy/examples/csi/nfs/storageclass.yaml") { IsSuffix = true, Otherwise = "nfs" },
        .. Alike(["nfs.csi.k8s.io", "k8s-sigs.io/nfs-subdir-external-provisioner", "efs.csi.aws.com"],
            static name => new(name, Capabilities) { Otherwise = "nfs" }),
        .. Alike(["file.csi.azure.com", "kubernetes.io/azure-file"], static name => new(name, Capabilities) { Otherwise = "azure-file" }),
        new("kubernetes.io/rbd", Capabilities) { Otherwise = "rbd" },
        .. Alike(["csi.vsphere.vmware.com", "kubernetes.io/vsphere-volume"], static name => new(name, Capabilities)
        {
            Parameters = [NfsFileSystem, NfsFileSystemOldKey],
            Otherwise = "vmdk",
        }),
        .. Alike(["ebs.csi.aws.com", "kubernetes.io/aws-ebs"], static name => new(name, Capabilities) { Otherwise = "ebs" }),
        .. Alike(["disk.csi.azure.com", "kubernetes.io/azure-disk"], static name => new(name, Capabilities) { Otherwise = "azure-disk" }),
        .. Alike(["pd.csi.storage.gke.io", "kubernetes.io/gce-pd"], static name => new(name, Capabilities) { Otherwise = "gce-pd" }),
        .. Alike(["cinder.csi.openstack.org", "kubernetes.io/cinder"], static name => new(name, Capabilities) { Otherwise = "cinder" }),
        new("spectrumscale.csi.ibm.com", Capabilities) { Otherwise = "gpfs" },
        .. Alike(["topolvm.io", "topolvm.cybozu.com", "kubevirt.io.hostpath-provisioner", "kubevirt.io/hostpath-provisioner", "k8s.io/minikube-hostpath"],
            static name => new(name, Capabilities) { Otherwise = Local }),
        new("local.csi.openebs.io", "openebs/lvm-localpv README.md") { Otherwise = Local },
        new("zfs.csi.openebs.io", "openebs/zfs-localpv README.md") { Otherwise = Local },
        new("rawfile.csi.openebs.io", "openebs/rawfile-localpv README.md") { Otherwise = Local },
        new("openebs.io/local", "openebs/dynamic-localpv-provisioner README.md") { Otherwise = Local },
        new("rancher.io/local-path", "rancher/local-path-provisioner README.md") { Otherwise = Local },
        new("kubernetes.io/host-path", "kubernetes/kubernetes pkg/volume/hostpath/host_path.go") { Otherwise = Local },
        new("hostpath.csi.k8s.io", "kubernetes-csi/csi-driver-host-path README.md") { Otherwise = Local },
        new("kubernetes.io/no-provisioner", "kubernetes/website content/en/docs/concepts/storage/storage-classes.md")
        {
            Elsewhere = "its PersistentVolumes are made by hand",
        },
    ];

    private static readonly Dictionary<string, StorageDriver> ByName = Drivers.ToDictionary(static row => row.Name, StringComparer.Ordinal);

    private static readonly StorageDriver[] Suffixes = [.. Drivers.Where(static row => row.IsSuffix)];

    /// <summary>The row of a driver, or null for one that the table does not know.</summary>
    public static StorageDriver? Find(string driver)
    {
        if (ByName.TryGetValue(driver, out StorageDriver? row))
        {
            return row;
        }

        foreach (StorageDriver suffix in Suffixes)
        {
            if (HasSuffix(driver, suffix.Name))
            {
                return suffix;
            }
        }

        return null;
    }

    /// <summary>The protocol that the admin's own table names for a driver, of several suffixes the longest; null where it names none.</summary>
    public static string? Configured(string driver, RuleSettings settings)
    {
        if (settings.StorageDrivers.Count == 0)
        {
            return null;
        }

        string? found = null;
        int length = -1;
        foreach ((string key, string protocol) in settings.StorageDrivers)
        {
            string name = key.AsSpan().TrimStart('*').TrimStart('.').ToString();
            if (name.Length > length && (driver == name || HasSuffix(driver, name)))
            {
                found = protocol;
                length = name.Length;
            }
        }

        return found is null ? null : Word(found);
    }

    /// <summary>The protocol of a StorageClass by its driver and parameters, defaults of the driver included; null where it is unknown.</summary>
    public static string? OfClass(string driver, Field parameters, RuleSettings settings) =>
        Configured(driver, settings) ?? (Find(driver) is StorageDriver row ? Read(row.Parameters, parameters, out string? protocol) ? protocol : row.Otherwise : null);

    /// <summary>
    /// The protocol of a volume by its driver and attributes; null where they do not tell. A parameter of the class need not have become an
    /// attribute, so its absence proves nothing unless the driver has one protocol only.
    /// </summary>
    public static string? OfVolume(string driver, Field attributes, RuleSettings settings)
    {
        if (Configured(driver, settings) is string configured)
        {
            return configured;
        }

        if (attributes["node_attach_driver"].Text is string attach && NodeAttachDrivers.GetValueOrDefault(attach) is string attached)
        {
            return attached;
        }

        return Find(driver) is not StorageDriver row ? null
            : row.Parameters.Count == 0 ? row.Otherwise
            : Read(row.Parameters, attributes, out string? protocol) ? protocol : null;
    }

    /// <summary>
    /// The protocol of an attached volume by what its driver published for the node, its publish context (kubernetes/api storage/v1/types.go
    /// <c>AttachmentMetadata</c>); null where that does not tell.
    /// </summary>
    public static string? OfAttachment(string driver, Field metadata) =>
        Find(driver) is StorageDriver row && Read(row.Published, metadata, out string? protocol) ? protocol : null;

    /// <summary>A protocol as it is compared and shown: lower case, no blanks around; null where nothing is left.</summary>
    public static string? Word(string? protocol) =>
        protocol?.Trim() is { Length: > 0 } word ? word.ToLowerInvariant() : null;

    // democratic-csi/democratic-csi examples/node-manual-iscsi-pv.yaml, src/driver: the name of the driver is free, the attribute tells.
    private static readonly Dictionary<string, string> NodeAttachDrivers = Words(
        ("iscsi", Iscsi), ("nfs", "nfs"), ("smb", "smb"), ("nvmeof", "nvme"), ("lustre", "lustre"), ("hostpath", Local), ("zfs-local", Local));

    // Whether a parameter tells: then the protocol, or null where its value is none that the table knows.
    private static bool Read(IReadOnlyList<ProtocolParameter> telling, Field parameters, out string? protocol)
    {
        protocol = null;
        foreach (ProtocolParameter parameter in telling)
        {
            if (parameters[parameter.Name].Text is not { Length: > 0 } value)
            {
                continue;
            }

            protocol = Match(parameter.Protocols, value);
            if (protocol is not null || !parameter.IgnoresOthers)
            {
                return true;
            }
        }

        return false;
    }

    private static string? Match(IReadOnlyDictionary<string, string> protocols, string value)
    {
        foreach ((string key, string protocol) in protocols)
        {
            if (key.EndsWith('*')
                ? value.AsSpan().StartsWith(key.AsSpan(0, key.Length - 1), StringComparison.OrdinalIgnoreCase)
                : value.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                return protocol;
            }
        }

        return null;
    }

    private static bool HasSuffix(string driver, string suffix) =>
        driver.Length > suffix.Length + 1 && driver.EndsWith(suffix, StringComparison.Ordinal) && driver[driver.Length - suffix.Length - 1] == '.';

    private static Dictionary<string, string> Words(params ReadOnlySpan<(string Value, string Protocol)> words)
    {
        var protocols = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string value, string protocol) in words)
        {
            protocols.Add(value, protocol);
        }

        return protocols;
    }

    private static IEnumerable<StorageDriver> Alike(IEnumerable<string> names, Func<string, StorageDriver> row) => names.Select(row);
}
