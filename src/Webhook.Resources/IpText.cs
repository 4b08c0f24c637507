using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Webhook.Resources;

/// <summary>IP addresses as Go and Rust read them: no shortened or octal IPv4, no zone, no prefix length.</summary>
public static class IpText
{
    /// <summary>The address that a text is, or null.</summary>
    public static IPAddress? Parse(string? text)
    {
        if (text is null || text.Length > 45 || !IPAddress.TryParse(text, out IPAddress? address))
        {
            return null;
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? IsDotted(text) ? address : null
            : text.AsSpan().ContainsAny('[', '%', '/') ? null : address;
    }

    private static bool IsDotted(ReadOnlySpan<char> text)
    {
        int octets = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> octet = text[range];
            if (octet.Length is 0 or > 3 || octet is ['0', _, ..] || !byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return false;
            }

            octets++;
        }

        return octets == 4;
    }
}
