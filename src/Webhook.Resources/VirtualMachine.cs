using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A virtual machine as it will run: a KubeVirt VirtualMachine, a stand-alone VirtualMachineInstance, or the template of a
/// VirtualMachineInstanceReplicaSet or VirtualMachinePool. All share one shape below <see cref="Template"/>.
/// </summary>
/// <param name="root">The object.</param>
public sealed class VirtualMachine(Field root) : KubernetesObject(root)
{
    /// <summary>The object that the VM is written in: of a pool its <c>spec.virtualMachineTemplate</c>, else the object itself.</summary>
    public Field Machine => Kind == "VirtualMachinePool" ? Spec["virtualMachineTemplate"] : Root;

    /// <summary>The VirtualMachineInstance to run: metadata and spec.</summary>
    public Field Template => Kind == "VirtualMachineInstance" ? Root : Machine["spec"]["template"];

    /// <summary>The spec of the VirtualMachineInstance: domain, networks, volumes.</summary>
    public Field InstanceSpec => Template["spec"];

    /// <inheritdoc/>
    /// <remarks>
    /// On a pool or replica set the label stands on the template, from where it reaches the machines; on the object itself it counts too.
    /// </remarks>
    public override Field OptInLabel
    {
        get
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

    /// <summary>The name of the InfoScale cluster, or null where the label is absent or no string.</summary>
    public string? Cluster => OptInLabel.Text;
}
