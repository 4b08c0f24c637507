using System.Text.Json.Nodes;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Checking;

/// <summary>What a cluster makes of a manifest before anyone judges it. Paths stay what they are in the manifest.</summary>
internal static class ClusterDefaults
{
    /// <summary>The object in a namespace, as kubectl sends one that names none.</summary>
    public static Field InNamespace(Field root, string @namespace)
    {
        JsonObject copy = (JsonObject)root.ToNode()!;
        if (copy["metadata"] is not JsonObject metadata)
        {
            return root;
        }

        metadata["namespace"] = @namespace;
        return Field(copy);
    }

    /// <summary>
    /// The machine with the hardware addresses that it has already, on interfaces for which the manifest gives none: what assigned them keeps them
    /// over an update (k8snetworkplumbingwg/kubemacpool pkg/pool-manager/virtualmachine_pool.go).
    /// </summary>
    public static Field WithHardwareAddressesOf(VirtualMachine old, VirtualMachine machine)
    {
        JsonObject? copy = null;
        foreach (VirtualMachineNic nic in machine.Nics)
        {
            if (nic.Interface["macAddress"].IsPresent || AddressOf(old, nic.Name) is not string address)
            {
                continue;
            }

            copy ??= (JsonObject)machine.Root.ToNode()!;
            JsonNode? at = copy;
            foreach (FieldPath step in nic.Interface.Path.Steps())
            {
                at = step.Name is string name ? at![name] : at![step.Index];
            }

            at!["macAddress"] = address;
        }

        return copy is null ? machine.Root : Field(copy);
    }

    private static string? AddressOf(VirtualMachine machine, string nic)
    {
        foreach (VirtualMachineNic known in machine.Nics)
        {
            if (known.Name == nic)
            {
                return known.Interface["macAddress"].Text;
            }
        }

        return null;
    }

    private static Field Field(JsonObject root) => Resources.Json.Field.Parse(root.ToJsonString());
}
