using Webhook.Resources.Json;

namespace Webhook.Resources.Nmstate;

/// <summary>
/// The <c>ipv4</c> or <c>ipv6</c> section of an interface. nmstate merges it with what the node has: what is left out stays as it is there,
/// so only what is written proves anything (nmstate/nmstate rust/src/lib/ip.rs <c>merge_ip</c>).
/// </summary>
/// <param name="section">The section.</param>
/// <param name="isIpv6">Whether it is <c>ipv6</c>.</param>
public sealed class IpSettings(Field section, bool isIpv6)
{
    /// <summary>The section: a map, a template, absent, or something wrong.</summary>
    public Field Field { get; } = section;

    /// <summary>Whether it is the <c>ipv6</c> section.</summary>
    public bool IsIpv6 { get; } = isIpv6;

    /// <summary>Whether the family is used; false voids all other keys.</summary>
    public Field Enabled => Field["enabled"];

    /// <summary>DHCPv4 or DHCPv6.</summary>
    public Field Dhcp => Field["dhcp"];

    /// <summary>Addresses from router advertisements; known under <c>ipv6</c> only.</summary>
    public Field Autoconf => Field["autoconf"];

    /// <summary>The static addresses: a list or a template. The empty list removes all, an absent one keeps those of the node.</summary>
    public Field Address => Field["address"];

    /// <summary>Whether the family is switched off.</summary>
    public bool IsOff => NmstateScalar.Boolean(Enabled) == false;

    /// <summary>Whether it says that the family has no static address: switched off, or an empty list.</summary>
    public bool IsProvenWithoutAddress => IsOff || (Address.IsList && Address.Count == 0);

    /// <summary>The items of <see cref="Address"/>, none where the family is off.</summary>
    public IEnumerable<NodeAddress> Addresses()
    {
        if (IsOff)
        {
            yield break;
        }

        foreach (Field item in Address.Items())
        {
            yield return new NodeAddress(item);
        }
    }

    /// <summary>The keys that ask for dynamic addresses: <c>dhcp</c> and, under IPv6, <c>autoconf</c>, where true.</summary>
    public IEnumerable<Field> DynamicKeys()
    {
        if (IsOff)
        {
            yield break;
        }

        if (NmstateScalar.Boolean(Dhcp) == true)
        {
            yield return Dhcp;
        }

        if (IsIpv6 && NmstateScalar.Boolean(Autoconf) == true)
        {
            yield return Autoconf;
        }
    }

    /// <summary>
    /// The field on which it depends whether addresses are dynamic and whose value cannot be seen, or null: a template, or a key left out
    /// while the section switches the family on or gives addresses. Nothing is asked of a section that is absent.
    /// </summary>
    public Field? Undecided
    {
        get
        {
            if (Field.IsTemplate)
            {
                return Field;
            }

            if (!Field.IsMap || IsOff)
            {
                return null;
            }

            if (Enabled.IsTemplate)
            {
                return Enabled;
            }

            bool asks = NmstateScalar.Boolean(Enabled) == true || Address.IsTemplate || Address.Count > 0;
            return IsUndecided(Dhcp, asks) ? Dhcp : IsIpv6 && IsUndecided(Autoconf, asks) ? Autoconf : null;
        }
    }

    /// <summary>Whether a static address is given, literally or by a template.</summary>
    public bool HasStaticAddress
    {
        get
        {
            if (IsOff)
            {
                return false;
            }

            if (Field.IsTemplate || Address.IsTemplate)
            {
                return true;
            }

            foreach (NodeAddress address in Addresses())
            {
                if (address.IsSet)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether something stands where addresses belong that nmstate cannot read as such.</summary>
    public bool HasUnreadableAddress
    {
        get
        {
            if (IsNeither(Field, Field.IsMap) || (!IsOff && IsNeither(Address, Address.IsList)))
            {
                return true;
            }

            foreach (NodeAddress address in Addresses())
            {
                if (!address.Field.IsTemplate && !address.Ip.IsTemplate && address.Address is null)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private static bool IsNeither(Field field, bool isRight) => field.IsPresent && !isRight && !field.IsTemplate;

    private static bool IsUndecided(Field key, bool asks) => key.IsTemplate || (key.IsMissing && asks);
}
