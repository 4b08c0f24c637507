using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A VirtualMachinePreference or VirtualMachineClusterPreference (instancetype.kubevirt.io): what machines that name it get where they say
/// nothing themselves (kubevirt/kubevirt staging/src/kubevirt.io/api/instancetype/v1beta1/types.go).
/// </summary>
/// <param name="root">The object.</param>
public sealed class Preference(Field root) : KubernetesObject(root)
{
    /// <summary>The emulated device of interfaces that name none, or null (kubevirt/kubevirt pkg/instancetype/preference/apply/interface.go).</summary>
    public string? InterfaceModel => Preferred("preferredInterfaceModel");

    /// <summary>The bus of a disk that names none, or null (kubevirt/kubevirt pkg/instancetype/preference/apply/disk.go).</summary>
    public string? BusOf(DiskDevice device) => Preferred(device switch
    {
        DiskDevice.Lun => "preferredLunBus",
        DiskDevice.Cdrom => "preferredCdromBus",
        _ => "preferredDiskBus",
    });

    private string? Preferred(string key) => Spec["devices"][key].Text is { Length: > 0 } word ? word : null;
}
