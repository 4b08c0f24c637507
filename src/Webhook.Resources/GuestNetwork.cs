using System.Collections.Immutable;
using Webhook.Resources.CloudInit;

namespace Webhook.Resources;

/// <summary>
/// Which device of the network data configures which interface of the virtual machine. Only a hardware address proves it. The name that a
/// guest gives a NIC (<c>eth1</c>, <c>enp2s0</c>) is not known outside the guest, so an entry bound by name is told apart only if it is
/// called like the interface, or if its glob takes every name.
/// </summary>
public sealed class GuestNetwork
{
    private static readonly string[] EthernetNames = ["eth0", "ens3", "enp1s0", "eno1"];

    private readonly ImmutableArray<VirtualMachineNic> _nics;
    private readonly NicConfiguration?[] _byNic;
    private readonly List<UnmatchedEntry> _unmatched = [];

    internal GuestNetwork(CloudInitNetworkData data, ImmutableArray<VirtualMachineNic> nics)
    {
        _nics = nics;
        _byNic = new NicConfiguration?[nics.Length];
        if (data.Interfaces.Length == 0)
        {
            return;
        }

        List<GuestInterface>? globs = null;
        foreach (GuestInterface device in data.Interfaces)
        {
            if (!device.IsPhysical)
            {
                continue;
            }

            if (device.Mac.IsMissing && TakesEveryName(device.NamePattern.Text))
            {
                (globs ??= []).Add(device);
            }
            else if (!Match(device))
            {
                _unmatched.Add(new UnmatchedEntry(device, 1, device.Mac.IsMissing));
            }
        }

        foreach (GuestInterface device in globs ?? [])
        {
            MatchRest(device);
        }

        foreach (GuestInterface device in data.Interfaces)
        {
            if (!device.IsPhysical)
            {
                Stack(device, data.Interfaces);
            }
        }
    }

    /// <summary>The entries that could not be told to belong to an interface of the virtual machine.</summary>
    public IReadOnlyList<UnmatchedEntry> Unmatched => _unmatched;

    /// <summary>What configures the interface, or null where no entry is known to.</summary>
    public NicConfiguration? Of(VirtualMachineNic nic)
    {
        for (int i = 0; i < _nics.Length; i++)
        {
            if (ReferenceEquals(_nics[i], nic))
            {
                return _byNic[i];
            }
        }

        return null;
    }

    /// <summary>Whether the text holds a glob rather than one name.</summary>
    public static bool IsGlob(string? pattern) => pattern is not null && pattern.AsSpan().ContainsAny('*', '?', '[');

    // A glob that takes every usual name of an Ethernet device in a guest takes each NIC that no other entry names.
    private static bool TakesEveryName(string? pattern)
    {
        if (!IsGlob(pattern))
        {
            return false;
        }

        foreach (string name in EthernetNames)
        {
            if (!Glob.Matches(pattern!, name))
            {
                return false;
            }
        }

        return true;
    }

    private bool Match(GuestInterface device)
    {
        bool matched = false;
        MacAddress? wanted = MacAddress.Parse(device.Mac);
        for (int i = 0; i < _nics.Length; i++)
        {
            VirtualMachineNic nic = _nics[i];
            if (nic.IsUnplugged)
            {
                continue;
            }

            if (device.Mac.IsPresent)
            {
                if (nic.MacAddress is MacAddress mac && wanted == mac)
                {
                    Claim(i, device, GuestMatch.MacAddress);
                    matched = true;
                }
            }
            else if (nic.Name == device.Name || nic.Name == device.NewName || nic.Name == device.NamePattern.Text)
            {
                Claim(i, device, GuestMatch.Name);
                matched = true;
            }
        }

        return matched;
    }

    private void MatchRest(GuestInterface device)
    {
        for (int i = 0; i < _nics.Length; i++)
        {
            if (!_nics[i].IsUnplugged && _byNic[i] is null)
            {
                Claim(i, device, GuestMatch.Glob);
            }
        }
    }

    private void Claim(int nic, GuestInterface device, GuestMatch match) =>
        (_byNic[nic] ??= new NicConfiguration(match)).Add(device);

    private void Stack(GuestInterface device, ImmutableArray<GuestInterface> all)
    {
        var under = new HashSet<string>(StringComparer.Ordinal);
        var undescribed = new HashSet<string>(StringComparer.Ordinal);
        Descend(device, all, under, undescribed, depth: 0);
        bool matched = false;
        for (int i = 0; i < _nics.Length; i++)
        {
            bool carries = false;
            foreach (GuestInterface own in _byNic[i]?.Entries ?? [])
            {
                carries |= own.IsPhysical && under.Contains(own.Name);
            }

            // A device that no entry describes is one by that name in the guest.
            if (carries || (!_nics[i].IsUnplugged && _byNic[i] is null && undescribed.Contains(_nics[i].Name)))
            {
                Claim(i, device, GuestMatch.Name);
                matched = true;
            }
        }

        if (!matched)
        {
            bool isByName = undescribed.Count > 0 || under.Count == 0;
            foreach (GuestInterface candidate in all)
            {
                isByName |= candidate.Mac.IsMissing && under.Contains(candidate.Name);
            }

            _unmatched.Add(new UnmatchedEntry(device, Math.Max(1, under.Count + undescribed.Count), isByName));
        }
    }

    private static void Descend(
        GuestInterface device, ImmutableArray<GuestInterface> all, HashSet<string> under, HashSet<string> undescribed, int depth)
    {
        foreach (string name in device.Under)
        {
            GuestInterface? next = null;
            foreach (GuestInterface candidate in all)
            {
                if (candidate.Name == name || candidate.NewName == name)
                {
                    next = candidate;
                }
            }

            // Four levels are a bridge over a VLAN over a bond over a NIC; a loop of names ends here too.
            if (next is { IsPhysical: false } && depth < 4)
            {
                Descend(next, all, under, undescribed, depth + 1);
            }
            else if (next is null)
            {
                undescribed.Add(name);
            }
            else
            {
                under.Add(next.Name);
            }
        }
    }
}

/// <summary>An entry of network data that no interface of the virtual machine is known to be meant by.</summary>
/// <param name="Interface">The entry.</param>
/// <param name="Reach">How many NICs it stands for: 1, or the NICs under a bond or bridge.</param>
/// <param name="IsByName">
/// Whether a name in the guest, its own or that of a device under it, could still find a NIC; else it is bound to hardware addresses that no
/// interface has, and does nothing.
/// </param>
public readonly record struct UnmatchedEntry(GuestInterface Interface, int Reach, bool IsByName);

/// <summary>What network data says about one interface.</summary>
/// <param name="match">How it is known to be meant.</param>
public sealed class NicConfiguration(GuestMatch match)
{
    private readonly List<GuestInterface> _entries = [];

    /// <summary>How the first entry was matched.</summary>
    public GuestMatch Match { get; } = match;

    /// <summary>The entries: those of the interface itself, then bonds, VLANs and bridges above it.</summary>
    public IReadOnlyList<GuestInterface> Entries => _entries;

    /// <summary>The glob that matched the interface, as written, or null.</summary>
    public string? Pattern => Match == GuestMatch.Glob ? _entries[0].NamePattern.Text : null;

    /// <summary>Whether an entry gives a static address.</summary>
    public bool HasAddress
    {
        get
        {
            foreach (GuestInterface entry in _entries)
            {
                if (entry.Addresses.Count > 0)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether an entry asks for dynamic addresses.</summary>
    public bool AsksForDhcp
    {
        get
        {
            foreach (GuestInterface entry in _entries)
            {
                if (entry.DhcpAsks.Count > 0)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The entry with the smallest MTU, or null where none sets one.</summary>
    public GuestInterface? SmallestMtu
    {
        get
        {
            GuestInterface? smallest = null;
            foreach (GuestInterface entry in _entries)
            {
                if (entry.Mtu is long mtu && (smallest is null || mtu < smallest.Mtu))
                {
                    smallest = entry;
                }
            }

            return smallest;
        }
    }

    internal void Add(GuestInterface entry) => _entries.Add(entry);
}

/// <summary>How an entry of network data is known to be about an interface.</summary>
public enum GuestMatch
{
    /// <summary>By its hardware address: certain.</summary>
    MacAddress,

    /// <summary>By a name that equals the interface's: meant so, but the guest may call the NIC something else.</summary>
    Name,

    /// <summary>By a glob that takes every name of a NIC, where no other entry takes the interface.</summary>
    Glob,
}
