using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// What a running machine says of one interface: <c>status.interfaces</c> of its VirtualMachineInstance. KubeVirt joins what it set up itself
/// with what the guest agent tells, by MAC (kubevirt/kubevirt pkg/network/setup/netstat.go).
/// </summary>
/// <param name="Nic">The interface of the spec, or null where the guest made it itself, as it does a bond.</param>
/// <param name="Addresses">Its addresses, those of the link alone left out.</param>
public sealed record ReportedInterface(string? Nic, IReadOnlyList<InterfaceAddress> Addresses)
{
    /// <summary>The interfaces that the guest agent tells of; none where no agent runs.</summary>
    /// <param name="instance">A VirtualMachineInstance.</param>
    public static IReadOnlyList<ReportedInterface> Of(VirtualMachine instance)
    {
        var reported = new List<ReportedInterface>();
        foreach (Field entry in instance.Root["status"]["interfaces"].Items())
        {
            // "domain, guest-agent": without the agent the addresses are those of the pod.
            if (entry["infoSource"].Text?.Contains("guest-agent", StringComparison.Ordinal) != true)
            {
                continue;
            }

            var addresses = new List<InterfaceAddress>();
            foreach (Field address in entry["ipAddresses"].Items())
            {
                if (InterfaceAddress.Parse(address.Text) is InterfaceAddress read && !read.Address.IsIPv6LinkLocal)
                {
                    addresses.Add(read);
                }
            }

            reported.Add(new ReportedInterface(entry["name"].Text is { Length: > 0 } name ? name : null, addresses));
        }

        return reported;
    }
}
