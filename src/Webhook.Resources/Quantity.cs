using System.Globalization;
using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// Amounts as Kubernetes writes them (kubernetes/apimachinery pkg/api/resource/quantity.go): a decimal number with a suffix of thousands
/// (<c>n u m k M G T P E</c>), of 1024s (<c>Ki Mi Gi Ti Pi Ei</c>) or an exponent (<c>e3</c>).
/// </summary>
public static class Quantity
{
    /// <summary>The amount of a string or number field in base units (bytes, cores), or null where it is none or passes all bounds.</summary>
    public static decimal? Read(Field field) => field.Kind switch
    {
        FieldKind.String => Parse(field.Text),
        FieldKind.Number => Parse(field.Json),
        _ => null,
    };

    /// <summary>The amount that a text writes, or null.</summary>
    public static decimal? Parse(string? text)
    {
        if (text is not { Length: > 0 and <= 64 })
        {
            return null;
        }

        int end = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        if (end < text.Length && text[end] == '.')
        {
            end++;
        }

        ReadOnlySpan<char> suffix = text.AsSpan(end);
        const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (Factor(suffix) is not decimal factor || !decimal.TryParse(text.AsSpan(0, end), Number, CultureInfo.InvariantCulture, out decimal amount))
        {
            return null;
        }

        try
        {
            return amount * factor;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static decimal? Factor(ReadOnlySpan<char> suffix) => suffix switch
    {
        "" => 1m,
        "n" => 1e-9m,
        "u" => 1e-6m,
        "m" => 1e-3m,
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "E" => 1e18m,
        "Ki" => 1024m,
        "Mi" => 1048576m,
        "Gi" => 1073741824m,
        "Ti" => 1099511627776m,
        "Pi" => 1125899906842624m,
        "Ei" => 1152921504606846976m,
        _ => null,
    };
}
