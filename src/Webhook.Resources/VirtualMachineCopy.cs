using System.Globalization;
using System.Text;
using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// An order to make a VM of what another one is or was: a VirtualMachineClone (clone.kubevirt.io), or a VirtualMachineRestore
/// (snapshot.kubevirt.io), which makes its target where there is none of that name. The copy has the labels, annotations and spec of the source,
/// as <c>spec.patches</c> change them; a clone has other hardware addresses (kubevirt/kubevirt pkg/storage/snapshot/restore.go
/// <c>generateRestoredVMSpec</c>, pkg/virt-controller/watch/clone/vm-target.go <c>generatePatches</c>).
/// </summary>
/// <param name="root">The object.</param>
public sealed class VirtualMachineCopy(Field root) : KubernetesObject(root)
{
    /// <summary>Whether it is a VirtualMachineRestore.</summary>
    public bool IsRestore => Kind == "VirtualMachineRestore";

    /// <summary>Whether <see cref="Source"/> names a VirtualMachineSnapshot, not a VirtualMachine.</summary>
    public bool IsOfSnapshot => IsRestore || Spec["source"]["kind"].Is("VirtualMachineSnapshot");

    /// <summary>The name of what is copied, in the namespace of this object.</summary>
    public Field Source => IsRestore ? Spec["virtualMachineSnapshotName"] : Spec["source"]["name"];

    /// <summary>The name of the copy; absent where a clone leaves it to KubeVirt.</summary>
    public Field Target => Spec["target"]["name"];

    /// <inheritdoc/>
    /// <remarks>Rarely there: what is copied opts in.</remarks>
    public override Field OptInLabel => Label(InfoScaleMetadata.Cluster);

    /// <summary>Whether a patch replaces or removes a field of the source, and an address that stood there does not stand in the patch.</summary>
    /// <remarks>What is added in other fields, base64 for example, is not looked into: the VM that comes of it is judged itself.</remarks>
    /// <param name="field">The field; it may lie in a document inside a string.</param>
    /// <param name="address">The address as it is written.</param>
    public bool Replaces(FieldPath field, string address)
    {
        string? pointer = null;
        bool isReplaced = false;
        foreach (Field item in Spec["patches"].Items())
        {
            if (item.Text is not string text || !JsonText.TryParse(text, FieldPath.Root, out Field patch, out _))
            {
                continue;
            }

            // To add an item to a list moves the others; to add a property sets it.
            string path = patch["path"].Text ?? "";
            bool sets = patch["op"].Text is "replace" or "remove" || (patch["op"].Is("add") && !char.IsAsciiDigit(path is [.., char last] ? last : '0'));
            if (sets && path.Length > 0 && IsAtOrBelow(pointer ??= Pointer(field), path))
            {
                isReplaced = !Names(text, address);
            }
        }

        return isReplaced;
    }

    private static bool IsAtOrBelow(string pointer, string path) =>
        pointer.StartsWith(path, StringComparison.Ordinal) && (pointer.Length == path.Length || pointer[path.Length] == '/');

    private static string Pointer(FieldPath field)
    {
        var pointer = new StringBuilder();
        foreach (FieldPath step in field.Steps())
        {
            if (step.IsDocument)
            {
                break;
            }

            pointer.Append('/').Append(step.Name is string name
                ? name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
                : step.Index.ToString(CultureInfo.InvariantCulture));
        }

        return pointer.ToString();
    }

    // As a whole: 10.0.0.1 does not stand in 10.0.0.11.
    private static bool Names(string text, string address)
    {
        for (int at = text.IndexOf(address, StringComparison.Ordinal); at >= 0; at = text.IndexOf(address, at + 1, StringComparison.Ordinal))
        {
            int end = at + address.Length;
            if ((at == 0 || !IsOfAddress(text[at - 1])) && (end == text.Length || !IsOfAddress(text[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfAddress(char c) => char.IsAsciiHexDigit(c) || c is '.' or ':';
}
