using System.Globalization;
using Webhook.Resources.Json;

namespace Webhook.Resources.Nmstate;

/// <summary>
/// Booleans and numbers as nmstate reads them: strings are taken too (nmstate/nmstate rust/src/lib/deserializer.rs
/// <c>option_bool_or_string</c>, <c>option_u64_or_string</c>). Absent values, templates and what nmstate refuses are null.
/// </summary>
public static class NmstateScalar
{
    /// <summary>A boolean: true and false, 1 and 0, and <c>1|0|true|false|yes|no|on|off|y|n</c> as a string of any case.</summary>
    public static bool? Boolean(Field field)
    {
        if (field.Boolean is bool value)
        {
            return value;
        }

        return field.Kind switch
        {
            FieldKind.Number when field.Integer == 1 => true,
            FieldKind.Number when field.Integer == 0 => false,
            FieldKind.String => Word(field.Text!),
            _ => null,
        };
    }

    /// <summary>A whole number of 0 or more: a number, or a string in decimal or, after <c>0x</c>, hexadecimal digits.</summary>
    public static long? Integer(Field field)
    {
        if (field.Text is not string text)
        {
            return field.Integer is >= 0 and long value ? value : null;
        }

        return text.StartsWith("0x", StringComparison.Ordinal)
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hexadecimal) && hexadecimal >= 0
                ? hexadecimal
                : null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long parsed) && parsed >= 0
                ? parsed
                : null;
    }

    /// <summary>A name: a string, or a number that YAML made of one (<c>name: 100</c>); null for anything else and for the empty string.</summary>
    public static string? Name(Field field) => field.Kind switch
    {
        FieldKind.String when field.Text!.Length > 0 => field.Text,
        FieldKind.Number => field.Json,
        _ => null,
    };

    private static bool? Word(string text) => text.ToUpperInvariant() switch
    {
        "1" or "TRUE" or "YES" or "ON" or "Y" => true,
        "0" or "FALSE" or "NO" or "OFF" or "N" => false,
        _ => null,
    };
}
