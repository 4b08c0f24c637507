using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Metadata;

/// <summary>What is wrong with one annotation, before a rule makes a finding of it.</summary>
/// <param name="Error">Place, value and what is needed.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Subject">What it is about, or null for the whole annotation.</param>
internal sealed record MetadataProblem(FieldError Error, string Remedy, string? Subject = null)
{
    /// <summary>An annotation names an interface that the VM does not have.</summary>
    public static MetadataProblem NoSuchNic(FieldPath path, string name, string subject) => new(
        FieldError.NotFound(path, Field.Quote(name), "the VM has no interface of this name"), "name an interface of domain.devices.interfaces", subject);

    /// <summary>The interface of that name, or null.</summary>
    public static VirtualMachineNic? FindNic(VirtualMachine machine, string name)
    {
        foreach (VirtualMachineNic nic in machine.Nics)
        {
            if (nic.Name == name)
            {
                return nic;
            }
        }

        return null;
    }
}
