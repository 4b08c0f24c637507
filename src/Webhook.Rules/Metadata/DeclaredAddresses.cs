using System.Globalization;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Metadata;

/// <summary>What is wrong with the addresses that a VM's annotation declares.</summary>
internal static class DeclaredAddresses
{
    private const string Form = "write a JSON map as in {\"llt1\": [\"172.30.1.11/24\"]}";

    /// <summary>What cannot be read, and which names are no interface of the VM.</summary>
    public static IEnumerable<MetadataProblem> Problems(VirtualMachine machine, Field annotation)
    {
        if (annotation.IsMissing)
        {
            yield break;
        }

        if (!annotation.IsString)
        {
            yield return new(FieldError.WrongType(annotation, "must be a string that holds JSON"), Form);
            yield break;
        }

        if (!JsonText.TryParse(annotation.Text!, annotation.Path.Document(), out Field document, out DocumentError? error))
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"line {error!.Position.Line}, column {error.Position.Column}");
            yield return new(FieldError.Invalid(annotation, $"no JSON at {place}: {error.Reason}"), Form);
            yield break;
        }

        if (!document.IsMap)
        {
            yield return new(FieldError.WrongType(document, "must be a JSON map"), Form);
        }

        foreach (Field declared in document.Members())
        {
            foreach (MetadataProblem problem in Problems(machine, declared, $"{annotation.Name} {declared.Name}"))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<MetadataProblem> Problems(VirtualMachine machine, Field declared, string subject)
    {
        if (MetadataProblem.FindNic(machine, declared.Name!) is null)
        {
            yield return MetadataProblem.NoSuchNic(declared.Path, declared.Name!, subject);
        }
        else if (!declared.IsList)
        {
            yield return new(FieldError.WrongType(declared, "must be a list of addresses"), Form, subject);
        }
        else if (declared.Count == 0)
        {
            yield return new(FieldError.Invalid(declared, "declares no address"), Form, subject);
        }

        foreach (Field address in declared.Items())
        {
            if (InterfaceAddress.Parse(address.Text) is null)
            {
                yield return new(
                    FieldError.Invalid(address, "must be an IP address with the length of its prefix"),
                    "write it as in \"172.30.1.11/24\"",
                    $"{subject} {address}");
            }
        }
    }
}
