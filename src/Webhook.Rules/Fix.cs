using System.Globalization;
using Webhook.Resources.Editing;
using Webhook.Resources.Json;

namespace Webhook.Rules;

/// <summary>How to mend what a finding is about: changes of the object, made by a JSON Patch or in the text of a file.</summary>
public sealed record Fix
{
    /// <summary>What is done and why that value, as one clause in lower case without a full stop: <c>set mtu to 8990, ...</c></summary>
    public required string Title { get; init; }

    /// <summary>Whether it may be applied unasked.</summary>
    public required FixAvailability Applicability { get; init; }

    /// <summary>The changes; all of them or none.</summary>
    public required IReadOnlyList<FieldChange> Changes { get; init; }

    /// <summary>
    /// Whether it does nothing but give MTUs where there was no value, or where the same number stood as a text: what admission may do to an
    /// object. A value that the author set is never changed there.
    /// </summary>
    public bool IsInjection { get; private init; }

    /// <summary>A fix that sets the MTU of one field.</summary>
    /// <param name="mtu">The field, absent or with a value of its author.</param>
    /// <param name="value">The MTU in bytes.</param>
    /// <param name="why">Where the value comes from, as a clause.</param>
    public static Fix SetMtu(Field mtu, long value, string why) => SetMtu([mtu], value, why);

    /// <summary>A fix that sets the MTU of several fields: safe where all were absent, for what is absent asks for nothing.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="value">The MTU in bytes.</param>
    /// <param name="why">Where the value comes from, as a clause.</param>
    public static Fix SetMtu(IReadOnlyList<Field> fields, long value, string why)
    {
        bool isInjection = true;
        var changes = new FieldChange[fields.Count];
        for (int i = 0; i < fields.Count; i++)
        {
            isInjection &= fields[i].IsMissing
                || (fields[i].Text is string text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long written) && written == value);
            changes[i] = FieldChange.Set(fields[i].Path, value);
        }

        return new Fix
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"set mtu to {value}, {why}"),
            Applicability = isInjection ? FixAvailability.Safe : FixAvailability.Unsafe,
            Changes = changes,
            IsInjection = isInjection,
        };
    }

    /// <summary>The same fix, only for those who ask for it.</summary>
    public Fix AsUnsafe() => this with { Applicability = FixAvailability.Unsafe, IsInjection = false };
}

/// <summary>Whether a rule or a finding has a fix, and who may apply it.</summary>
public enum FixAvailability
{
    /// <summary>There is none: the answer is not in the manifests.</summary>
    None,

    /// <summary>It may change what the author asked for: only <c>fix --unsafe</c> applies it.</summary>
    Unsafe,

    /// <summary>It cannot change what the author asked for.</summary>
    Safe,
}
