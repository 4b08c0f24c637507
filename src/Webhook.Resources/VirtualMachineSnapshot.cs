using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A VirtualMachineSnapshot (snapshot.kubevirt.io): the state of a VM at one moment.</summary>
/// <param name="root">The object.</param>
public sealed class VirtualMachineSnapshot(Field root) : KubernetesObject(root)
{
    /// <summary>The VirtualMachine of its namespace that it was taken of, or null where it names none.</summary>
    public string? MachineName => Spec["source"]["kind"].Is("VirtualMachine") ? Spec["source"]["name"].Text : null;
}
