using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// One interface of a virtual machine joined with the network it names (kubevirt/kubevirt staging/src/kubevirt.io/api/core/v1/schema.go
/// <c>Interface</c> and <c>Network</c>: joined by <c>name</c>, one to one).
/// </summary>
public sealed class VirtualMachineNic
{
    private static readonly string[] Bindings =
        ["bridge", "masquerade", "sriov", "passtBinding", "passt", "slirp", "macvtap", "binding"];

    private string? _binding;
    private volatile bool _isBindingRead;
    private Reference? _reference;

    private VirtualMachineNic(Field @interface, Field network, string name)
    {
        Interface = @interface;
        Network = network;
        Name = name;
        IsUnplugged = @interface["state"].Is("absent");
        Field multus = network["multus"];
        IsOnPodNetwork = network["pod"].IsPresent;
        IsMultus = multus.IsPresent;
        NetworkName = multus["networkName"];
        MacAddress = Resources.MacAddress.Parse(@interface["macAddress"]);
    }

    /// <summary>The interface, an item of <c>spec.domain.devices.interfaces</c>.</summary>
    public Field Interface { get; }

    /// <summary>The network of that name; absent where no network has it.</summary>
    public Field Network { get; }

    /// <summary>The name that interface and network share; never empty.</summary>
    public string Name { get; }

    /// <summary>The hardware address that the interface is given, or null where it has none or no readable one.</summary>
    public MacAddress? MacAddress { get; }

    /// <summary>
    /// How the interface is bound, in the field's word (<c>bridge</c>, <c>masquerade</c>, <c>sriov</c>, <c>passtBinding</c>, the removed
    /// <c>slirp</c>, <c>passt</c>, <c>macvtap</c>) or, of a binding plugin, the name of the plugin; null where nothing is said.
    /// </summary>
    public string? Binding
    {
        get
        {
            if (!_isBindingRead)
            {
                _binding = ReadBinding(Interface);
                _isBindingRead = true;
            }

            return _binding;
        }
    }

    /// <summary>The emulated device as written, or null where the field is absent: then a preference decides, else it is virtio.</summary>
    public string? Model => Interface["model"].Text;

    /// <summary>Whether the interface is unplugged (<c>state: absent</c>): nothing else about it counts then.</summary>
    public bool IsUnplugged { get; }

    /// <summary>Whether the link is set down (<c>state: down</c>).</summary>
    public bool IsDown => Interface["state"].Is("down");

    /// <summary>Whether the network is the pod network.</summary>
    public bool IsOnPodNetwork { get; }

    /// <summary>Whether the network is a NetworkAttachmentDefinition.</summary>
    public bool IsMultus { get; }

    /// <summary>Whether the NetworkAttachmentDefinition replaces the pod network (<c>multus.default</c>).</summary>
    public bool IsMultusDefault => Network["multus"]["default"].Boolean == true;

    /// <summary>The reference to the NetworkAttachmentDefinition: <c>name</c>, or <c>namespace/name</c>.</summary>
    public Field NetworkName { get; }

    /// <summary>
    /// Namespace and name of the NetworkAttachmentDefinition, or null where the network is another or names none. Split at the first slash,
    /// the own namespace is the default (kubevirt/kubevirt pkg/network/multus/nad.go).
    /// </summary>
    /// <param name="ownNamespace">The namespace of the virtual machine.</param>
    public (string Namespace, string Name)? Attachment(string ownNamespace)
    {
        Reference reference = _reference ?? Memo.Keep(ref _reference, Reference.Read(NetworkName.Text));
        return reference.Name.Length == 0 && reference.Namespace is null ? null : (reference.Namespace ?? ownNamespace, reference.Name);
    }

    /// <summary>The interfaces of a VirtualMachineInstance spec in order; one without a name is none, for nothing can refer to it.</summary>
    /// <param name="instanceSpec">The spec, with <c>domain</c> and <c>networks</c>.</param>
    internal static VirtualMachineNic[] Read(Field instanceSpec)
    {
        Field networks = instanceSpec["networks"], interfaces = instanceSpec["domain"]["devices"]["interfaces"];
        var nics = new VirtualMachineNic[interfaces.IsList ? interfaces.Count : 0];
        int count = 0;
        FieldItems.Enumerator beside = networks.Items().GetEnumerator();
        foreach (Field @interface in interfaces.Items())
        {
            Field twin = beside.MoveNext() ? beside.Current : Field.Absent;
            if (@interface["name"].Text is { Length: > 0 } name)
            {
                // People and tools write both lists in one order.
                nics[count++] = new VirtualMachineNic(@interface, twin["name"].Is(name) ? twin : FindNetwork(networks, name), name);
            }
        }

        return count == nics.Length ? nics : nics[..count];
    }

    private static Field FindNetwork(Field networks, string name)
    {
        foreach (Field network in networks.Items())
        {
            if (network["name"].Is(name))
            {
                return network;
            }
        }

        return Field.Absent;
    }

    /// <summary>A reference taken apart: without a slash it has no namespace, without a name either there is none.</summary>
    private sealed record Reference(string? Namespace, string Name)
    {
        public static Reference Read(string? text) =>
            text?.IndexOf('/', StringComparison.Ordinal) is int slash and >= 0 ? new(text[..slash], text[(slash + 1)..]) : new(null, text ?? "");
    }

    private static string? ReadBinding(Field @interface)
    {
        foreach (string word in Bindings)
        {
            Field binding = @interface[word];
            if (binding.IsPresent)
            {
                return word == "binding" ? binding["name"].Text ?? word : word;
            }
        }

        return null;
    }
}
