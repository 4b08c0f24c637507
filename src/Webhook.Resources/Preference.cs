using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A VirtualMachinePreference or VirtualMachineClusterPreference (instancetype.kubevirt.io): what machines that name it get where they say
/// nothing themselves (kubevirt/kubevirt staging/src/kubevirt.io/api/instancetype/v1beta1/types.go).
/// </summary>
/// <param name="root">The object.</param>
public sealed class Preference(Field root) : KubernetesObject(root);
