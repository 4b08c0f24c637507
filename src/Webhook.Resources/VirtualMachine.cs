using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A virtual machine as it will run: a KubeVirt VirtualMachine, a stand-alone VirtualMachineInstance, or the template of a
/// VirtualMachineInstanceReplicaSet or VirtualMachinePool. All share one shape below <see cref="Template"/>.
/// </summary>
public sealed class VirtualMachine : KubernetesObject
{
    private VirtualMachineNic[]? _nics;
    private CloudInitNetworkData? _networkData;
    private GuestNetwork? _guestNetwork;
    private StaticAddresses? _staticAddresses;

    /// <summary>A view over an object.</summary>
    /// <param name="root">The object.</param>
    public VirtualMachine(Field root)
        : base(root)
    {
        Machine = Kind == "VirtualMachinePool" ? Spec["virtualMachineTemplate"] : Root;
        Template = Kind == "VirtualMachineInstance" ? Root : Machine["spec"]["template"];
        InstanceSpec = Template["spec"];
        OptInLabel = FindOptInLabel();
    }

    /// <summary>The object that the VM is written in: of a pool its <c>spec.virtualMachineTemplate</c>, else the object itself.</summary>
    public Field Machine { get; }

    /// <summary>
    /// The instancetype that gives CPU and memory: <c>name</c>, <c>kind</c>; absent where the machine says them itself. A VirtualMachineInstance
    /// has none left: it was applied.
    /// </summary>
    public Field InstancetypeReference => Machine["spec"]["instancetype"];

    /// <summary>The preference that fills in what the machine leaves open; absent where there is none.</summary>
    public Field PreferenceReference => Machine["spec"]["preference"];

    /// <summary>The VirtualMachineInstance to run: metadata and spec.</summary>
    public Field Template { get; }

    /// <summary>The spec of the VirtualMachineInstance: domain, networks, volumes.</summary>
    public Field InstanceSpec { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// On a pool or replica set the label stands on the template, from where it reaches the machines; on the object itself it counts too.
    /// </remarks>
    public override Field OptInLabel { get; }

    /// <summary>
    /// An annotation about the machines: on the object itself, else, as for <see cref="OptInLabel"/>, on the template of a pool or replica set.
    /// </summary>
    public Field MachineAnnotation(string key)
    {
        Field own = Annotation(key);
        if (own.IsPresent || Kind is "VirtualMachine" or "VirtualMachineInstance")
        {
            return own;
        }

        Field machine = Machine["metadata"]["annotations"][key];
        return Kind == "VirtualMachinePool" && machine.IsPresent ? machine : Template["metadata"]["annotations"][key];
    }

    /// <summary>
    /// The interfaces in order, each with its network. Empty where the list is left out: KubeVirt then adds one on the pod network, which
    /// no annotation can name.
    /// </summary>
    public ImmutableArray<VirtualMachineNic> Nics =>
        ImmutableCollectionsMarshal.AsImmutableArray(_nics ?? Memo.Keep(ref _nics, VirtualMachineNic.Read(InstanceSpec)));

    /// <summary>The network data that cloud-init reads in the guest.</summary>
    public CloudInitNetworkData NetworkData => _networkData ?? Memo.Keep(ref _networkData, CloudInitNetworkData.Find(InstanceSpec));

    /// <summary>Whether interfaces and networks are the same values as another's. Asking reads neither.</summary>
    public bool HasSameNicsAs(VirtualMachine other) =>
        InstanceSpec["domain"]["devices"]["interfaces"].ValueEquals(other.InstanceSpec["domain"]["devices"]["interfaces"])
        && InstanceSpec["networks"].ValueEquals(other.InstanceSpec["networks"]);

    /// <summary>What <see cref="NetworkData"/> says about each of <see cref="Nics"/>.</summary>
    public GuestNetwork GuestNetwork => _guestNetwork ?? Memo.Keep(ref _guestNetwork, new GuestNetwork(NetworkData, Nics));

    /// <summary>The addresses that image, Ansible or Secret configure, as <see cref="InfoScaleMetadata.StaticAddresses"/> declares them.</summary>
    public StaticAddresses StaticAddresses =>
        _staticAddresses ?? Memo.Keep(ref _staticAddresses, StaticAddresses.Read(MachineAnnotation(InfoScaleMetadata.StaticAddresses)));

    /// <summary>
    /// Whether the machine is declared not to run: <c>runStrategy: Halted</c> or <c>running: false</c>. Whether an instance of it still runs
    /// stands elsewhere.
    /// </summary>
    public bool IsHalted => Machine["spec"]["runStrategy"].Is("Halted") || Machine["spec"]["running"].Boolean == false;

    /// <summary>The name of the InfoScale cluster, or null where the label is absent or no string.</summary>
    public string? Cluster => OptInLabel.Text;

    /// <summary>Volumes, disks and data volume templates.</summary>
    public VirtualMachineStorage Storage => field ?? Memo.Keep(ref field, new VirtualMachineStorage(this));

    private Field FindOptInLabel()
    {
        Field own = Label(InfoScaleMetadata.Cluster);
        if (own.IsPresent || Kind is "VirtualMachine" or "VirtualMachineInstance")
        {
            return own;
        }

        Field machine = Machine["metadata"]["labels"][InfoScaleMetadata.Cluster];
        return Kind == "VirtualMachinePool" && machine.IsPresent ? machine : Template["metadata"]["labels"][InfoScaleMetadata.Cluster];
    }
}
