namespace Webhook.Rules.Tests.Vm;

/// <summary>What both rules about storage say of one volume, by its kind and by what can be seen.</summary>
public sealed class VmStorageTests
{
    private const string Cluster =
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: rbd, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
        provisioner: rook-ceph.rbd.csi.ceph.com
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: iscsi, annotations: {storageclass.kubevirt.io/is-default-virt-class: "true"}}
        provisioner: csi.hpe.com
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: trident}
        provisioner: csi.trident.netapp.io
        parameters: {backendType: ontap-san}
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: strange}
        provisioner: driver.example.com
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: lvms}
        provisioner: topolvm.io
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: attested-fc, annotations: {infoscale.internal/storage-protocol: " FC "}}
        provisioner: csi.hpe.com
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: by-class, namespace: erp-db}
        spec: {storageClassName: rbd}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: by-default, namespace: erp-db}
        spec: {}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: attested, namespace: erp-db, annotations: {infoscale.internal/storage-protocol: iscsi}}
        spec: {storageClassName: rbd}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: attested-but-nfs, namespace: erp-db, annotations: {infoscale.internal/storage-protocol: iscsi}}
        spec: {storageClassName: "", volumeName: pv-nfs}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: in-tree-iscsi, namespace: erp-db}
        spec: {storageClassName: rbd, volumeName: pv-iscsi}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: in-tree-local, namespace: erp-db}
        spec: {storageClassName: "", volumeName: pv-local}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: csi-tells, namespace: erp-db}
        spec: {storageClassName: strange, volumeName: pv-csi-iscsi}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: csi-class-tells, namespace: erp-db}
        spec: {storageClassName: iscsi, volumeName: pv-csi-silent}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: no-class, namespace: erp-db}
        spec: {storageClassName: ""}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: lost-volume, namespace: erp-db}
        spec: {storageClassName: "", volumeName: gone}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: pv-nfs, annotations: {infoscale.internal/storage-protocol: iscsi}}
        spec: {nfs: {server: a, path: /}}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: pv-iscsi, annotations: {infoscale.internal/storage-protocol: fc}}
        spec: {iscsi: {targetPortal: "10.60.1.5", iqn: iqn.2001-04.com.example:a, lun: 1}}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: pv-local}
        spec: {local: {path: /mnt/disk1}}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: pv-csi-iscsi}
        spec: {storageClassName: strange, csi: {driver: org.democratic-csi.x, volumeAttributes: {node_attach_driver: iscsi}}}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: pv-csi-silent}
        spec: {storageClassName: iscsi, csi: {driver: csi.hpe.com}}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: attested-twice, namespace: erp-db, annotations: {infoscale.internal/storage-protocol: iscsi}}
        spec: {storageClassName: rbd, volumeName: pv-attested-fc}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: pv-attested-fc, annotations: {infoscale.internal/storage-protocol: fc}}
        spec: {storageClassName: rbd, csi: {driver: csi-powerstore.dellemc.com}}
        ---
        apiVersion: cdi.kubevirt.io/v1beta1
        kind: DataVolume
        metadata: {name: alone, namespace: erp-db}
        spec: {storage: {storageClassName: rbd}}
        ---
        apiVersion: cdi.kubevirt.io/v1beta1
        kind: DataVolume
        metadata: {name: archive, namespace: erp-db}
        spec: {contentType: archive, storage: {}}
        """;

    private static readonly ClusterObjects Given = Catalog.Given(Cluster);

    [Theory]
    [InlineData("containerDisk: {image: a}", "")]
    [InlineData("registryDisk: {image: a}", "")]
    [InlineData("cloudInitNoCloud: {userData: a}", "")]
    [InlineData("cloudInitConfigDrive: {userData: a}", "")]
    [InlineData("sysprep: {configMap: {name: a}}", "")]
    [InlineData("configMap: {name: a}", "")]
    [InlineData("secret: {secretName: a}", "")]
    [InlineData("serviceAccount: {serviceAccountName: a}", "")]
    [InlineData("downwardAPI: {fields: []}", "")]
    [InlineData("downwardMetrics: {}", "")]
    [InlineData("emptyDisk: {capacity: 1Gi}", "")]
    [InlineData("containerPath: {path: /a}", "")]
    [InlineData("hostDisk: {path: /a, type: Disk}", "Error volumes[0].hostDisk Forbidden: hostDisk is a file on one node, and only iscsi is supported for the storage of a VM")]
    [InlineData("tapeRobot: {name: a}", "Warning volumes[0].tapeRobot Invalid value: a map of 1: this kind of volume is not known here")]
    [InlineData("persistentVolumeClaim: {}", "")]
    [InlineData("persistentVolumeClaim: {claimName: by-class}", "Error volumes[0].persistentVolumeClaim.claimName Invalid value: \"by-class\": serves rbd (StorageClass \"rbd\", rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("persistentVolumeClaim: {claimName: by-class, hotpluggable: true}", "Error volumes[0].persistentVolumeClaim.claimName Invalid value: \"by-class\": serves rbd (StorageClass \"rbd\", rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("ephemeral: {persistentVolumeClaim: {claimName: by-class}}", "Error volumes[0].ephemeral.persistentVolumeClaim.claimName Invalid value: \"by-class\": serves rbd (StorageClass \"rbd\", rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("memoryDump: {claimName: by-class}", "Error volumes[0].memoryDump.claimName Invalid value: \"by-class\": serves rbd (StorageClass \"rbd\", rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("persistentVolumeClaim: {claimName: by-default}", "Error volumes[0].persistentVolumeClaim.claimName Invalid value: \"by-default\": serves rbd (StorageClass \"rbd\", rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("persistentVolumeClaim: {claimName: attested}", "")]
    [InlineData("persistentVolumeClaim: {claimName: attested-twice}", "Error volumes[0].persistentVolumeClaim.claimName Invalid value: \"attested-twice\": serves fc (attested on its PersistentVolume), only iscsi is supported")]
    [InlineData("persistentVolumeClaim: {claimName: attested-but-nfs}", "Error volumes[0].persistentVolumeClaim.claimName Invalid value: \"attested-but-nfs\": serves nfs (by its PersistentVolume), only iscsi is supported")]
    [InlineData("persistentVolumeClaim: {claimName: in-tree-iscsi}", "")]
    [InlineData("persistentVolumeClaim: {claimName: in-tree-local}", "Warning volumes[0].persistentVolumeClaim.claimName Invalid value: \"in-tree-local\": is local storage of one node (by its PersistentVolume)")]
    [InlineData("persistentVolumeClaim: {claimName: csi-tells}", "")]
    [InlineData("persistentVolumeClaim: {claimName: csi-class-tells}", "")]
    [InlineData("persistentVolumeClaim: {claimName: no-class}", "Warning volumes[0].persistentVolumeClaim.claimName Invalid value: \"no-class\": no class, so an existing PersistentVolume is bound that was not seen")]
    [InlineData("persistentVolumeClaim: {claimName: lost-volume}", "Warning volumes[0].persistentVolumeClaim.claimName Not found: \"lost-volume\": its PersistentVolume \"gone\" is not known")]
    [InlineData("persistentVolumeClaim: {claimName: nowhere}", "Warning volumes[0].persistentVolumeClaim.claimName Not found: \"nowhere\": no PersistentVolumeClaim of that name is known")]
    [InlineData("dataVolume: {name: alone}", "Error volumes[0].dataVolume.name Invalid value: \"alone\": serves rbd (StorageClass \"rbd\", rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("dataVolume: {name: archive}", "Error volumes[0].dataVolume.name Invalid value: \"archive\": serves rbd (StorageClass \"rbd\", rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("dataVolume: {name: by-class}", "Error volumes[0].dataVolume.name Invalid value: \"by-class\": serves rbd (StorageClass \"rbd\", rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("dataVolume: {name: nowhere}", "Warning volumes[0].dataVolume.name Not found: \"nowhere\": no DataVolume of that name is known")]
    public void A_volume_is_judged_by_its_kind_and_what_it_resolves_to(string volume, string finding) =>
        Assert.Equal(finding, One(Machine(volume), Given));

    [Theory]
    [InlineData("dataVolume: {name: by-dv}", "")]
    [InlineData("persistentVolumeClaim: {claimName: by-dv}", "")]
    [InlineData("dataVolume: {name: gone}", "Warning volumes[0].dataVolume.name Invalid value: \"gone\": protocol of this DataVolume not seen: no PersistentVolumeClaim was given")]
    [InlineData("persistentVolumeClaim: {claimName: gone}", "Warning volumes[0].persistentVolumeClaim.claimName Invalid value: \"gone\": protocol of this claim not seen: no PersistentVolumeClaim was given")]
    public void A_DataVolume_makes_a_claim_of_its_name_and_may_be_gone_before_it(string volume, string finding) =>
        Assert.Equal(finding, One(Machine(volume), Catalog.Given(
            """
            apiVersion: cdi.kubevirt.io/v1beta1
            kind: DataVolume
            metadata: {name: by-dv, namespace: erp-db}
            spec: {storage: {storageClassName: array}}
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: array}
            provisioner: iscsi.csi.k8s.io
            """)));

    [Theory]
    [InlineData("csi.trident.netapp.io", "SANType: iscsi", "")]
    [InlineData("csi.trident.netapp.io", "iscsiTargetIqn: iqn.1992-08.com.netapp:sn.1", "")]
    [InlineData("csi.trident.netapp.io", "SANType: nvme, nvmeSubsystemNqn: nqn.1", "Error serves nvme (as csi.trident.netapp.io attached it)")]
    [InlineData("csi.trident.netapp.io", "SANType: fcp", "Error serves fc (as csi.trident.netapp.io attached it)")]
    [InlineData("csi.trident.netapp.io", "nfsServerIp: 10.0.0.1", "Error serves nfs (as csi.trident.netapp.io attached it)")]
    [InlineData("csi.trident.netapp.io", "SANType: strange", "Warning StorageClass \"multi\", csi.trident.netapp.io: sanType of the Trident backend decides")]
    [InlineData("csi.trident.netapp.io", "protocol: block", "Warning StorageClass \"multi\", csi.trident.netapp.io: sanType of the Trident backend decides")]
    [InlineData("block.csi.ibm.com", "PUBLISH_CONTEXT_CONNECTIVITY: iscsi", "")]
    [InlineData("block.csi.ibm.com", "PUBLISH_CONTEXT_CONNECTIVITY: fc", "Error serves fc (as block.csi.ibm.com attached it)")]
    [InlineData("block.csi.ibm.com", "PUBLISH_CONTEXT_CONNECTIVITY: nvmeofc", "Error serves nvme (as block.csi.ibm.com attached it)")]
    [InlineData("csi-powerstore.dellemc.com", "SANType: iscsi", "Warning StorageClass \"multi\", csi-powerstore.dellemc.com: blockProtocol in the driver's Secret decides")]
    public void What_a_driver_published_for_an_attached_volume_settles_it(string driver, string metadata, string expected)
    {
        string world = $"""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: @name: data, namespace: erp-db#
            spec: @storageClassName: multi, volumeName: pvc-1#
            ---
            apiVersion: v1
            kind: PersistentVolume
            metadata: @name: pvc-1#
            spec: @storageClassName: multi, csi: @driver: {driver}, volumeHandle: a##
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: @name: multi#
            provisioner: {driver}
            ---
            apiVersion: storage.k8s.io/v1
            kind: VolumeAttachment
            metadata: @name: csi-1#
            spec: @attacher: {driver}, nodeName: worker-1, source: @persistentVolumeName: pvc-1##
            status: @attached: true, attachmentMetadata: @{metadata}##
            """.Replace('@', '{').Replace('#', '}');
        string finding = One(Machine("persistentVolumeClaim: {claimName: data}"), Catalog.Given(world));
        Assert.Equal(
            expected,
            finding.Replace(" volumes[0].persistentVolumeClaim.claimName Invalid value: \"data\":", "", StringComparison.Ordinal)
                .Replace(", only iscsi is supported", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pvc: {storageClassName: rbd}", "Error ...pvc.storageClassName Invalid value: \"rbd\": serves rbd (rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("storage: {storageClassName: rbd}", "Error ...storage.storageClassName Invalid value: \"rbd\": serves rbd (rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("storage: {storageClassName: iscsi}", "")]
    [InlineData("storage: {}", "")]
    [InlineData("pvc: {}", "Error ...pvc.storageClassName Required value: serves rbd (StorageClass \"rbd\", rook-ceph.rbd.csi.ceph.com), only iscsi is supported")]
    [InlineData("storage: {storageClassName: trident}", "Warning ...storage.storageClassName Invalid value: \"trident\": csi.trident.netapp.io: sanType of the Trident backend decides")]
    [InlineData("storage: {storageClassName: strange}", "Warning ...storage.storageClassName Invalid value: \"strange\": driver driver.example.com is not known here")]
    [InlineData("storage: {storageClassName: lvms}", "Warning ...storage.storageClassName Invalid value: \"lvms\": is local storage of one node (topolvm.io)")]
    [InlineData("storage: {storageClassName: attested-fc}", "Error ...storage.storageClassName Invalid value: \"attested-fc\": serves fc (attested), only iscsi is supported")]
    [InlineData("storage: {storageClassName: nowhere}", "Warning ...storage.storageClassName Not found: \"nowhere\": no StorageClass of that name is known")]
    [InlineData("pvc: {storageClassName: \"\", volumeName: pv-nfs}", "Error ...pvc.volumeName Invalid value: \"pv-nfs\": serves nfs (by its PersistentVolume), only iscsi is supported")]
    public void A_data_volume_template_is_judged_at_its_class(string spec, string finding) =>
        Assert.Equal(finding, One(Templated(spec), Given));

    [Theory]
    [InlineData("storage: {storageClassName: rbd}", "Warning ...storage.storageClassName Invalid value: \"rbd\": protocol of this StorageClass not seen: StorageClasses were not looked up")]
    [InlineData("storage: {}", "Warning ...storage.storageClassName Required value: the default StorageClass was not seen: StorageClasses were not looked up")]
    [InlineData("storage: {storageClassName: vouched}", "")]
    [InlineData("storage: {storageClassName: vouched-fc}", "Error ...storage.storageClassName Invalid value: \"vouched-fc\": serves fc (by storage.classes), only iscsi is supported")]
    public void Without_a_look_up_only_the_admins_classes_are_known(string spec, string finding) =>
        Assert.Equal(finding, One(Templated(spec), ClusterView.Unseen, new RuleSettings
        {
            StorageClasses = new Dictionary<string, string> { ["vouched"] = "iSCSI", ["vouched-fc"] = "fc" },
        }));

    [Theory]
    [InlineData(BootDiskPolicy.Enforce, "Error volumes[0].hostDisk, Error volumes[1].hostDisk, Warning volumes[2].persistentVolumeClaim.claimName")]
    [InlineData(BootDiskPolicy.Warn, "Error volumes[0].hostDisk, Warning volumes[1].hostDisk, Warning volumes[2].persistentVolumeClaim.claimName")]
    [InlineData(BootDiskPolicy.Ignore, "Error volumes[0].hostDisk, Warning volumes[2].persistentVolumeClaim.claimName")]
    public void The_boot_disk_is_the_one_with_the_lowest_boot_order(BootDiskPolicy policy, string expected)
    {
        string machine = Machine(
            "hostDisk: {path: /a}", "[{name: v0, disk: {}, bootOrder: 2}, {name: v1, disk: {}, bootOrder: 1}, {name: v2, disk: {}}]",
            "{name: v1, hostDisk: {path: /b}}, {name: v2, persistentVolumeClaim: {claimName: c}}");
        Assert.Equal(expected, string.Join(", ", Findings(machine, ClusterView.Unseen, new RuleSettings { BootDisk = policy }).Select(static finding => Place(finding))));
    }

    [Theory]
    [InlineData("[{name: v0}, {name: v1}]", "volumes[1].hostDisk")]
    [InlineData("[{name: v1}, {name: v0}]", "volumes[0].hostDisk")]
    [InlineData("[]", "volumes[1].hostDisk")]
    public void Without_boot_order_the_first_disk_boots(string disks, string left)
    {
        string machine = Machine("hostDisk: {path: /a}", disks, "{name: v1, hostDisk: {path: /b}}");
        Assert.EndsWith(left, Assert.Single(Findings(machine, ClusterView.Unseen, new RuleSettings { BootDisk = BootDiskPolicy.Ignore })).Path.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trident", Severity.Error, Severity.Warning, Severity.Error)]
    [InlineData("trident", Severity.Warning, Severity.Error, Severity.Warning)]
    [InlineData("lvms", Severity.Error, Severity.Warning, Severity.Warning)]
    [InlineData("lvms", Severity.Warning, Severity.Error, Severity.Error)]
    public void The_configuration_decides_about_unknown_and_local_storage(string storageClass, Severity unknown, Severity local, Severity expected)
    {
        var settings = new RuleSettings { UnknownStorage = unknown, LocalStorage = local };
        Assert.Equal(expected, Assert.Single(Findings(Templated($"storage: {{storageClassName: {storageClass}}}"), Given, settings)).Severity);
    }

    [Fact]
    public void Local_storage_can_be_ignored() =>
        Assert.Empty(Findings(Templated("storage: {storageClassName: lvms}"), Given, new RuleSettings { LocalStorage = Severity.Off }));

    [Fact]
    public void A_finding_is_known_by_the_name_of_its_volume_and_depends_on_its_protocol()
    {
        Finding finding = Assert.Single(Findings(Templated("storage: {storageClassName: rbd}"), Given));
        Assert.Equal("v0", finding.Subject);
        Assert.Equal("\"rbd\" rbd", finding.Evidence);
    }

    [Theory]
    [InlineData("VirtualMachineInstance", "spec.volumes[0].hostDisk")]
    [InlineData("VirtualMachineInstanceReplicaSet", "spec.template.spec.volumes[0].hostDisk")]
    [InlineData("VirtualMachinePool", "spec.virtualMachineTemplate.spec.template.spec.volumes[0].hostDisk")]
    public void Whatever_runs_a_VM_is_judged_by_the_same_view(string kind, string path)
    {
        string spec = "{domain: {devices: {}}, volumes: [{name: v0, hostDisk: {path: /a}}]}";
        string body = kind switch
        {
            "VirtualMachineInstance" => spec,
            "VirtualMachinePool" => $"{{virtualMachineTemplate: {{spec: {{template: {{spec: {spec}}}}}}}}}",
            _ => $"{{template: {{spec: {spec}}}}}",
        };
        string group = kind == "VirtualMachinePool" ? "pool.kubevirt.io/v1alpha1" : "kubevirt.io/v1";
        string yaml = $"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: a, namespace: b}}\nspec: {body}\n";
        Assert.Equal(path, Assert.Single(Findings(yaml, ClusterView.Unseen)).Path.ToString());
    }

    private static string Machine(string volume, string disks = "[]", string more = "") =>
        $"apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {{name: a, namespace: erp-db}}\n" +
        $"spec: {{template: {{spec: {{domain: {{devices: {{disks: {disks}}}}}, volumes: [{{name: v0, {volume}}}, {more}]}}}}}}\n";

    private static string Templated(string spec) =>
        "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {name: a, namespace: erp-db}\n" +
        $"spec: {{dataVolumeTemplates: [{{metadata: {{name: made}}, spec: {{{spec}}}}}], template: {{spec: {{volumes: [{{name: v0, dataVolume: {{name: made}}}}]}}}}}}\n";

    private static IReadOnlyList<Finding> Findings(string yaml, ClusterView cluster, RuleSettings? settings = null)
    {
        var context = new RuleContext { Now = Catalog.Now, Cluster = cluster, Settings = settings ?? RuleSettings.Default };
        return [.. Catalog.Findings("vm-storage-not-iscsi", yaml, context), .. Catalog.Findings("vm-storage-unverified", yaml, context)];
    }

    private static string One(string yaml, ClusterView cluster, RuleSettings? settings = null)
    {
        IReadOnlyList<Finding> findings = Findings(yaml, cluster, settings);
        return findings.Count == 0 ? "" : $"{Place(Assert.Single(findings))} {findings[0].Error}";
    }

    private static string Place(Finding finding) => $"{finding.Severity} {finding.Path}"
        .Replace("spec.template.spec.", "", StringComparison.Ordinal)
        .Replace("spec.dataVolumeTemplates[0].spec.", "...", StringComparison.Ordinal);
}
