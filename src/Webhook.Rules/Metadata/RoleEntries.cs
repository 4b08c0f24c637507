using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Metadata;

/// <summary>What the annotations of the form <c>name=role,name=role</c> have in common.</summary>
internal static class RoleEntries
{
    private const string Form = "write name=role, separated by commas";

    /// <summary>What cannot be read or contradicts itself; whether the names are there is each annotation's own question.</summary>
    /// <param name="annotation">The annotation, present or not.</param>
    /// <param name="words">The allowed roles, as a message lists them.</param>
    /// <param name="mayBeNone">Whether <c>none</c> is one of them.</param>
    public static IEnumerable<MetadataProblem> Problems(Field annotation, string words, bool mayBeNone)
    {
        if (annotation.IsMissing)
        {
            yield break;
        }

        if (!annotation.IsString)
        {
            yield return new(FieldError.WrongType(annotation, "must be a string"), Form);
            yield break;
        }

        Dictionary<string, string> before = new(StringComparer.Ordinal);
        bool any = false;
        foreach ((string name, InfoScaleMetadata.RoleEntry entry) in InfoScaleMetadata.ParseRoles(annotation))
        {
            any = true;
            string subject = $"{annotation.Name} {name}";
            if (entry.Text is null || name.Length == 0)
            {
                yield return new(FieldError.Invalid(annotation.Path, Quote(name, entry), "must be name=role"), Form, subject);
            }
            else if (entry.Role is null && !(mayBeNone && entry.IsNone))
            {
                yield return new(FieldError.Invalid(annotation.Path, Quote(name, entry), $"the role must be {words}"), "name one of these", subject);
            }
            else if (!before.TryAdd(name, entry.Text) && before[name] != entry.Text)
            {
                yield return new(
                    FieldError.Invalid(annotation.Path, Quote(name, entry), $"has role {before[name]} in an earlier entry"), "keep one of both", subject);
            }
        }

        if (!any)
        {
            yield return new(FieldError.Invalid(annotation, "names nothing"), Form);
        }
    }

    /// <summary>An entry as a message shows it.</summary>
    public static string Quote(string name, InfoScaleMetadata.RoleEntry entry) => Field.Quote(entry.Text is null ? name : $"{name}={entry.Text}");
}
