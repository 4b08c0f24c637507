using System.Buffers;
using System.Globalization;
using Webhook.Resources.Json;
using YamlDotNet.Core;

namespace Webhook.Resources.Yaml;

/// <summary>
/// The type of a plain scalar, as go-yaml v2 has it, the library under kubectl (YAML 1.1 words such as <c>yes</c> and <c>off</c> are
/// booleans; go-yaml/yaml v2 resolve.go). PyYAML, which reads cloud-init data, agrees except for <c>y</c> and <c>n</c>.
/// </summary>
internal static class YamlScalarResolver
{
    private static readonly SearchValues<char> FloatCharacters = SearchValues.Create("0123456789.eE+-");

    public static void Write(FieldWriter writer, YamlScalarNode scalar)
    {
        if (scalar.Style is not ScalarStyle.Plain || scalar.Tag is "tag:yaml.org,2002:str" or "tag:yaml.org,2002:binary" or "!")
        {
            writer.WriteStringValue(scalar.Value);
            return;
        }

        WritePlain(writer, scalar.Value);
    }

    /// <summary>Writes a plain scalar without a tag.</summary>
    public static void WritePlain(FieldWriter writer, ReadOnlySpan<char> value)
    {
        if (value is [>= '0' and <= '9' or '-' or '+' or '.', ..])
        {
            WriteNumber(writer, value);
            return;
        }

        switch (value)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                writer.WriteNullValue();
                return;
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y":
                writer.WriteBooleanValue(true);
                return;
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N":
                writer.WriteBooleanValue(false);
                return;
            default:
                writer.WriteStringValue(value);
                return;
        }
    }

    private static void WriteNumber(FieldWriter writer, ReadOnlySpan<char> value)
    {
        if (TryInteger(value, out long integer))
        {
            writer.WriteNumberValue(integer);
        }
        else if (IsFloat(value)
            && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }

    /// <summary>A key is text in JSON: what was a number or boolean is written as it stands.</summary>
    public static string Key(YamlScalarNode scalar) => scalar.Value;

    private static bool TryInteger(ReadOnlySpan<char> value, out long integer)
    {
        ReadOnlySpan<char> digits = value.Contains('_') ? value.ToString().Replace("_", "", StringComparison.Ordinal) : value;
        bool negative = digits is ['-', ..];
        ReadOnlySpan<char> rest = digits is ['-' or '+', ..] ? digits[1..] : digits;
        integer = 0;
        bool read = rest switch
        {
            ['0', 'x' or 'X', .. var hex] => long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out integer),
            ['0', 'b' or 'B', .. var binary] => long.TryParse(binary, NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture, out integer),
            ['0', 'o' or 'O', .. var octal] => TryOctal(octal, out integer),
            ['0', _, ..] => TryOctal(rest[1..], out integer),
            _ => long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out integer),
        };
        integer = negative ? -integer : integer;
        return read;
    }

    private static bool TryOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        if (digits.Length is 0 or > 20)
        {
            return false;
        }

        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7')
            {
                return false;
            }

            value = (value * 8) + (digit - '0');
        }

        return true;
    }

    private static bool IsFloat(ReadOnlySpan<char> value) =>
        value.ContainsAnyInRange('0', '9') && !value.ContainsAnyExcept(FloatCharacters) && value.Count('.') <= 1;
}
