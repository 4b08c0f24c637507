using Webhook.Resources.CloudInit;
using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// The annotation <see cref="InfoScaleMetadata.StaticAddresses"/>, read: addresses by interface name. It stands for what readable network
/// data leaves out.
/// </summary>
public sealed class StaticAddresses
{
    private static readonly StaticAddresses None = new(Field.Absent, isReadable: true);

    private readonly Field _document;

    private StaticAddresses(Field document, bool isReadable)
    {
        _document = document;
        IsReadable = isReadable;
    }

    /// <summary>Whether the annotation is absent or a JSON map; what else may be wrong with it is a question of its own.</summary>
    public bool IsReadable { get; }

    /// <summary>The addresses declared for an interface; what is no address is left out.</summary>
    public IEnumerable<GuestAddress> Of(string nic)
    {
        foreach (Field item in _document[nic].Items())
        {
            if (InterfaceAddress.Parse(item.Text) is InterfaceAddress address)
            {
                yield return new GuestAddress(item, address);
            }
        }
    }

    internal static StaticAddresses Read(Field annotation)
    {
        if (annotation.IsMissing)
        {
            return None;
        }

        return JsonText.TryParse(annotation.Text ?? "", annotation.Path.Document(), out Field root, out _) && root.IsMap
            ? new StaticAddresses(root, isReadable: true)
            : new StaticAddresses(Field.Absent, isReadable: false);
    }
}
