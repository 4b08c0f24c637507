using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Storage;

/// <summary>What is known about how a VM reaches one of its volumes.</summary>
public enum StorageVerdict
{
    /// <summary>Made on the node from an image or another object: no storage system behind it.</summary>
    NotExternal,

    /// <summary>Proven iSCSI.</summary>
    Iscsi,

    /// <summary>Proven to be another protocol, or a file on a node (<c>hostDisk</c>).</summary>
    OtherProtocol,

    /// <summary>Disks of one node.</summary>
    Local,

    /// <summary>Could not be seen.</summary>
    Unknown,
}

/// <summary>How a VM reaches one of its volumes, and where that is written.</summary>
/// <param name="Verdict">What is known.</param>
/// <param name="At">The field of the VM to look at.</param>
public readonly record struct VolumeProtocol(StorageVerdict Verdict, Field At)
{
    /// <summary>The protocol, where it is known.</summary>
    public string? Protocol { get; private init; }

    /// <summary>What tells the protocol, or what could not be seen: a clause for a message.</summary>
    public string Because { get; private init; } = "";

    /// <summary>What would make an unknown protocol known: a clause.</summary>
    public string Remedy { get; private init; } = "";

    /// <summary>Whether an object that the VM needs is proven not to exist.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>The protocol of a volume.</summary>
    public static VolumeProtocol Of(VirtualMachine machine, Volume volume, RuleContext context) => volume.Source switch
    {
        VolumeSource.None or VolumeSource.Node => new(StorageVerdict.NotExternal, volume.Reference),
        VolumeSource.HostDisk => new(StorageVerdict.OtherProtocol, volume.Reference)
        {
            Protocol = "hostDisk",
            Because = "a file on one node",
        },
        VolumeSource.Unknown => new(StorageVerdict.Unknown, volume.Reference)
        {
            Because = "this kind of volume is not known here",
            Remedy = "use a volume kind of KubeVirt's current API, or check its protocol by hand",
        },
        VolumeSource.DataVolume => new Resolver(machine, context).OfDataVolume(volume.Reference),
        _ => new Resolver(machine, context).OfClaim(volume.Reference),
    };

    private static VolumeProtocol Known(Field at, string protocol, string because) => new(
        protocol switch
        {
            ProtocolTable.Iscsi => StorageVerdict.Iscsi,
            ProtocolTable.Local => StorageVerdict.Local,
            _ => StorageVerdict.OtherProtocol,
        },
        at)
    {
        Protocol = protocol,
        Because = because,
    };

    private static VolumeProtocol NotKnown(Field at, string because, string remedy) =>
        new(StorageVerdict.Unknown, at) { Because = because, Remedy = remedy };

    private static VolumeProtocol Absent(Field at, string because, string remedy) =>
        new(StorageVerdict.Unknown, at) { Because = because, Remedy = remedy, IsMissing = true };

    // Volume -> DataVolume or template -> claim -> PersistentVolume -> StorageClass -> driver -> protocol.
    private readonly struct Resolver(VirtualMachine machine, RuleContext context)
    {
        private const string NameClass = "name the protocol of the StorageClass under storage.classes";

        private const string CheckClass = "check that its StorageClass serves iscsi";

        public VolumeProtocol OfClaim(Field name)
        {
            if (name.Text is not { Length: > 0 } claimName)
            {
                return new(StorageVerdict.NotExternal, name);
            }

            Lookup<PersistentVolumeClaim> lookup = context.Cluster.PersistentVolumeClaim(machine.Namespace, claimName);
            if (lookup.Found is PersistentVolumeClaim claim)
            {
                return OfClaim(name, claim);
            }

            // A claim of the same name is made for a DataVolume, whatever the volume calls it.
            return OfSource(name, claimName) is VolumeProtocol made ? made
                : lookup.Unverified is string unseen ? NotKnown(name, "protocol of this claim not seen: " + unseen, CheckClass)
                : Absent(name, "no PersistentVolumeClaim of that name is known", "create the claim with an iscsi StorageClass first");
        }

        public VolumeProtocol OfDataVolume(Field name)
        {
            if (name.Text is not { Length: > 0 } volumeName)
            {
                return new(StorageVerdict.NotExternal, name);
            }

            Lookup<PersistentVolumeClaim> claim = context.Cluster.PersistentVolumeClaim(machine.Namespace, volumeName);
            if (claim.Found is not null)
            {
                return OfClaim(name, claim.Found);
            }

            // A DataVolume may be gone and its claim may stay, so both have to be absent.
            return OfSource(name, volumeName) is VolumeProtocol made ? made
                : (context.Cluster.DataVolume(machine.Namespace, volumeName).Unverified ?? claim.Unverified) is string unseen
                    ? NotKnown(name, "protocol of this DataVolume not seen: " + unseen, CheckClass)
                    : Absent(name, "no DataVolume of that name is known", "create the DataVolume with an iscsi StorageClass first");
        }

        private VolumeProtocol? OfSource(Field at, string name) =>
            machine.Storage.Template(name) is DataVolume template ? OfTemplate(template)
            : context.Cluster.DataVolume(machine.Namespace, name).Found is DataVolume found ? OfSpec(at, found, found.Claim, isOwn: false)
            : null;

        private VolumeProtocol OfTemplate(DataVolume template) => OfSpec(template.Claim.StorageClassName, template, template.Claim, isOwn: true);

        private VolumeProtocol OfSpec(Field at, DataVolume volume, ClaimSpec claim, bool isOwn) =>
            claim.VolumeName.Text is { Length: > 0 } persistentVolume
                ? OfPersistentVolume(isOwn ? claim.VolumeName : at, persistentVolume, claim)
                : OfClass(at, claim.StorageClassName, claim.IsFilledIn && !volume.IsArchive, isOwn);

        private VolumeProtocol OfClaim(Field at, PersistentVolumeClaim claim)
        {
            // A bound in-tree source is proof and beats what anyone attests; who may write the volume goes before who may write the claim.
            if (claim.Claim.VolumeName.Text is { Length: > 0 } name && context.Cluster.PersistentVolume(name).Found is PersistentVolume volume
                && (InTree(at, volume) ?? AttestedOn(at, volume)) is VolumeProtocol proven)
            {
                return proven;
            }

            return ProtocolTable.Word(claim.AttestedProtocol.Text) is string attested
                ? Known(at, attested, "attested on the claim")
                : claim.Claim.VolumeName.Text is { Length: > 0 } volumeName
                    ? OfPersistentVolume(at, volumeName, claim.Claim)
                    : OfClass(at, claim.Claim.StorageClassName, forVirtualMachines: false, isOwn: false);
        }

        private VolumeProtocol OfPersistentVolume(Field at, string name, ClaimSpec claim)
        {
            Lookup<PersistentVolume> lookup = context.Cluster.PersistentVolume(name);
            if (lookup.Found is not PersistentVolume volume)
            {
                // A claim that is bound to a volume of a class that the admin vouches for needs no look-up.
                return claim.StorageClassName.Text is string vouched && Vouched(vouched) is string protocol
                    ? Known(at, protocol, "by storage.classes")
                    : lookup.Unverified is string unseen
                        ? NotKnown(at, "protocol of its PersistentVolume not seen: " + unseen, NameClass)
                        : Absent(at, $"its PersistentVolume \"{Short(name)}\" is not known", "create the PersistentVolume, or claim by an iscsi StorageClass");
            }

            if ((InTree(at, volume) ?? AttestedOn(at, volume)) is VolumeProtocol proven)
            {
                return proven;
            }

            string? className = volume.StorageClassName ?? claim.StorageClassName.Text;
            if (className is not null && (Vouched(className) ?? Attested(className)) is string ofClass)
            {
                return Known(at, ofClass, $"attested for StorageClass \"{Short(className)}\"");
            }

            string? driver = volume.ContainerStorageInterface["driver"].Text;
            return driver is not null && ProtocolTable.OfVolume(driver, volume.ContainerStorageInterface["volumeAttributes"], context.Settings) is string byVolume
                ? Known(at, byVolume, Short(driver))
                : driver is not null && OfAttachments(driver, volume) is string byAttachment
                    ? Known(at, byAttachment, $"as {Short(driver)} attached it")
                : className is { Length: > 0 }
                    ? OfClass(at, className, isOwn: false)
                    : NotKnown(at, $"its PersistentVolume does not tell ({Short(driver ?? "no driver")})", Attest("PersistentVolume"));
        }

        private string? OfAttachments(string driver, PersistentVolume volume)
        {
            foreach (VolumeAttachment attachment in context.Cluster.AttachmentsOf(volume.Name).Found)
            {
                if (attachment.Attacher == driver && ProtocolTable.OfAttachment(driver, attachment.AttachmentMetadata) is string protocol)
                {
                    return protocol;
                }
            }

            return null;
        }

        private VolumeProtocol OfClass(Field at, Field className, bool forVirtualMachines, bool isOwn)
        {
            if (className.Text is { Length: > 0 } name)
            {
                return OfClass(at, name, isOwn);
            }

            if (className.IsString)
            {
                return NotKnown(at, "no class, so an existing PersistentVolume is bound that was not seen", "name an iscsi StorageClass");
            }

            Lookup<StorageClass> lookup = context.Cluster.DefaultStorageClass(forVirtualMachines);
            return lookup.Found is StorageClass found ? OfClass(at, found, isOwn: false)
                : lookup.Unverified is string unseen ? NotKnown(at, "the default StorageClass was not seen: " + unseen, "name an iscsi StorageClass")
                : Absent(at, "no default StorageClass is known", "name an iscsi StorageClass");
        }

        // Own: the field at which the finding lies is the class name itself, so that the clause need not repeat it.
        private VolumeProtocol OfClass(Field at, string name, bool isOwn)
        {
            if (Vouched(name) is string vouched)
            {
                return Known(at, vouched, "by storage.classes");
            }

            Lookup<StorageClass> lookup = context.Cluster.StorageClass(name);
            if (lookup.Found is StorageClass found)
            {
                return OfClass(at, found, isOwn);
            }

            string who = isOwn ? "this StorageClass" : $"StorageClass \"{Short(name)}\"";
            return lookup.Unverified is string unseen
                ? NotKnown(at, $"protocol of {who} not seen: {unseen}", NameClass)
                : Absent(at, isOwn ? "no StorageClass of that name is known" : who + " is not known", "use an existing iscsi StorageClass");
        }

        private VolumeProtocol OfClass(Field at, StorageClass storageClass, bool isOwn)
        {
            string who = isOwn ? "" : $"StorageClass \"{Short(storageClass.Name)}\", ";
            if (Vouched(storageClass.Name) is string vouched)
            {
                return Known(at, vouched, who + "by storage.classes");
            }

            if (ProtocolTable.Word(storageClass.AttestedProtocol.Text) is string attested)
            {
                return Known(at, attested, who + "attested");
            }

            string driver = storageClass.Provisioner;
            return ProtocolTable.OfClass(driver, storageClass.Parameters, context.Settings) is string protocol
                ? Known(at, protocol, who + Short(driver))
                : NotKnown(
                    at,
                    who + (ProtocolTable.Find(driver) is StorageDriver row ? $"{Short(driver)}: {row.Elsewhere}" : $"driver {Short(driver)} is not known here"),
                    Attest("StorageClass"));
        }

        private static VolumeProtocol? InTree(Field at, PersistentVolume volume) => volume.InTreeSource switch
        {
            { IsMissing: true } => null,
            { Name: "hostPath" or "local" } => Known(at, ProtocolTable.Local, "by its PersistentVolume"),
            { Name: string source } => Known(at, ProtocolTable.Word(source)!, "by its PersistentVolume"),
            _ => null,
        };

        private static VolumeProtocol? AttestedOn(Field at, PersistentVolume volume) =>
            ProtocolTable.Word(volume.AttestedProtocol.Text) is string attested ? Known(at, attested, "attested on its PersistentVolume") : null;

        private static string Attest(string kind) => $"attest it on the {kind}: {InfoScaleMetadata.StorageProtocol}: iscsi";

        // Names in a clause stand beside the path and the value, and all has to fit a warning.
        private static string Short(string name) => name.Length <= 40 ? name : string.Concat(name.AsSpan(0, 37), "...");

        private string? Vouched(string className) =>
            context.Settings.StorageClasses.TryGetValue(className, out string? protocol) ? ProtocolTable.Word(protocol) : null;

        private string? Attested(string className) => ProtocolTable.Word(context.Cluster.StorageClass(className).Found?.AttestedProtocol.Text);
    }
}
