using Webhook.Resources.Json;

namespace Webhook.Resources.Nmstate;

/// <summary>One item of <c>ipv4.address</c> or <c>ipv6.address</c>.</summary>
/// <param name="item">The item.</param>
public readonly struct NodeAddress(Field item)
{
    private static readonly string[] LifeTimes =
        ["valid-life-time", "valid-left", "valid-lft", "preferred-life-time", "preferred-left", "preferred-lft"];

    /// <summary>The item: a map, or a template.</summary>
    public Field Field { get; } = item;

    /// <summary>The address as written.</summary>
    public Field Ip => Field["ip"];

    /// <summary>The prefix length: a number or numeric string.</summary>
    public Field PrefixLength => Field["prefix-length"];

    /// <summary>The address, or null where it is a template or no address; one with a prefix length is none, nor is one among blanks.</summary>
    public InterfaceAddress? Address =>
        Ip.Text is string text && !text.AsSpan().ContainsAny('/', ' ', '\t') ? InterfaceAddress.Parse(text) : null;

    /// <summary>
    /// Whether it is an address that nmstate sets: link-local IPv6 addresses and those with a life time other than <c>forever</c> are
    /// dropped (nmstate/nmstate rust/src/lib/ip.rs).
    /// </summary>
    public bool IsSet
    {
        get
        {
            if (Field.IsTemplate || Ip.IsTemplate)
            {
                return true;
            }

            if (Address is not InterfaceAddress address || address.Address.IsIPv6LinkLocal)
            {
                return false;
            }

            foreach (string key in LifeTimes)
            {
                if (Field[key] is { IsPresent: true } lifeTime && lifeTime.Text != "forever")
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether every node that gets the policy would get this same address.</summary>
    public bool IsLiteral => IsSet && Address is not null;

    /// <inheritdoc/>
    public override string ToString() =>
        NmstateScalar.Integer(PrefixLength) is long length ? $"{Ip.Text ?? Ip.ToString()}/{length}" : Ip.Text ?? Ip.ToString();
}
