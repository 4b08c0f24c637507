using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Webhook.Resources;

/// <summary>An address of an interface, with the length of its network's prefix where it is known.</summary>
/// <param name="Address">The address, IPv4 or IPv6, without scope.</param>
/// <param name="PrefixLength">The prefix length in bits, or null where nothing says it.</param>
public readonly record struct InterfaceAddress(IPAddress Address, int? PrefixLength)
{
    /// <summary>Whether the address is one of IPv6.</summary>
    public bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>
    /// Reads <c>address</c> or <c>address/prefix</c>; the prefix may be a netmask, as cloud-init allows. Stricter than
    /// <see cref="IPAddress.Parse(string)"/>: four decimal numbers without leading zeros or colon notation, no scope, no port.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="netmask">Netmask or prefix length that stands elsewhere, used where the text has none.</param>
    /// <returns>The address, or null where the text is none.</returns>
    public static InterfaceAddress? Parse(string? text, string? netmask = null)
    {
        if (text is null)
        {
            return null;
        }

        ReadOnlySpan<char> span = text.AsSpan().Trim();
        int slash = span.IndexOf('/');
        if (ParseAddress(slash < 0 ? span : span[..slash]) is not IPAddress address)
        {
            return null;
        }

        ReadOnlySpan<char> suffix = slash < 0 ? netmask.AsSpan().Trim() : span[(slash + 1)..];
        if (suffix.IsEmpty)
        {
            return slash < 0 ? new InterfaceAddress(address, null) : null;
        }

        return PrefixOf(suffix, address.AddressFamily) is int prefix ? new InterfaceAddress(address, prefix) : null;
    }

    /// <summary>Whether the two addresses lie in one network: the shorter of the two prefixes decides. False where a prefix is not known.</summary>
    public bool SharesSubnetWith(InterfaceAddress other)
    {
        if (PrefixLength is not int mine || other.PrefixLength is not int others || IsIPv6 != other.IsIPv6)
        {
            return false;
        }

        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        Address.TryWriteBytes(left, out _);
        other.Address.TryWriteBytes(right, out _);
        int bits = Math.Min(mine, others);
        for (int i = 0; bits > 0; i++, bits -= 8)
        {
            int mask = bits >= 8 ? 0xFF : (0xFF << (8 - bits)) & 0xFF;
            if (((left[i] ^ right[i]) & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        PrefixLength is int prefix ? string.Create(CultureInfo.InvariantCulture, $"{Address}/{prefix}") : Address.ToString();

    private static IPAddress? ParseAddress(ReadOnlySpan<char> text)
    {
        if (text.Contains(':'))
        {
            return text.ContainsAny('[', '%', ']') || !IPAddress.TryParse(text, out IPAddress? six) ? null : six;
        }

        int dots = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool startsNumber = i == 0 || text[i - 1] == '.';
            if (text[i] == '.')
            {
                dots++;
            }
            else if (!char.IsAsciiDigit(text[i]) || (startsNumber && text[i] == '0' && i + 1 < text.Length && text[i + 1] != '.'))
            {
                return null;
            }
        }

        return dots == 3 && IPAddress.TryParse(text, out IPAddress? four) ? four : null;
    }

    private static int? PrefixOf(ReadOnlySpan<char> text, AddressFamily family)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int prefix))
        {
            return prefix <= (family == AddressFamily.InterNetwork ? 32 : 128) ? prefix : null;
        }

        if (ParseAddress(text) is not IPAddress mask || mask.AddressFamily != family)
        {
            return null;
        }

        int ones = 0;
        bool ended = false;
        foreach (byte part in mask.GetAddressBytes())
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                bool set = (part & (1 << bit)) != 0;
                if (set && ended)
                {
                    return null;
                }

                ended |= !set;
                ones += set ? 1 : 0;
            }
        }

        return ones;
    }
}
