using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Webhook.Resources.Json;

/// <summary>
/// Where a field stands in an object, in the grammar of Kubernetes field errors
/// (<c>spec.template.spec.networks[1].multus.networkName</c>, <c>metadata.annotations[infoscale.internal/role]</c>).
/// A document inside a string goes on after <c>#</c> as a JSON pointer (<c>spec.config#/plugins/0/mtu</c>).
/// </summary>
public sealed class FieldPath
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly string? _name;
    private readonly int _index;
    private readonly Step _step;
    private readonly bool _isEmbedded;
    private readonly bool _isBelowItem;
    private string? _text;

    private FieldPath(FieldPath? parent, Step step, string? name, int index)
    {
        Parent = parent;
        _step = step;
        _name = name;
        _index = index;
        _isEmbedded = parent is not null && (parent._isEmbedded || parent._step == Step.Document);
        _isBelowItem = parent is not null && (parent._isBelowItem || parent._step == Step.Item);
    }

    private enum Step : byte
    {
        Root,
        Property,
        Item,
        Document,
    }

    /// <summary>The object itself; prints as the empty string.</summary>
    public static FieldPath Root { get; } = new(null, Step.Root, null, -1);

    /// <summary>The path one step up, or null at the root.</summary>
    public FieldPath? Parent { get; }

    /// <summary>The property name of the last step, or null where the last step is no property.</summary>
    public string? Name => _name;

    /// <summary>The list index of the last step, or -1 where the last step is no list item.</summary>
    public int Index => _index;

    /// <summary>Whether the last step goes from a string into the document that it holds.</summary>
    public bool IsDocument => _step == Step.Document;

    /// <summary>The property <paramref name="name"/> below this path.</summary>
    public FieldPath Property(string name) => new(this, Step.Property, name, -1);

    /// <summary>The list item at <paramref name="index"/> (from 0) below this path.</summary>
    public FieldPath Item(int index) => new(this, Step.Item, null, index);

    /// <summary>The root of the document that the string at this path holds.</summary>
    public FieldPath Document() => new(this, Step.Document, null, -1);

    /// <summary>The steps from the root to this path, the root itself left out.</summary>
    public IReadOnlyList<FieldPath> Steps()
    {
        var steps = new List<FieldPath>();
        for (FieldPath? at = this; at is { _step: not Step.Root }; at = at.Parent)
        {
            steps.Add(at);
        }

        steps.Reverse();
        return steps;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ??= Write();

    private string Write()
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        Write(ref text);
        return text.ToStringAndClear();
    }

    private void Write(ref DefaultInterpolatedStringHandler text)
    {
        if (_text is string known)
        {
            text.AppendLiteral(known);
            return;
        }

        if (_step == Step.Item && !_isBelowItem)
        {
            // Kept, for the next item of the list.
            text.AppendLiteral(Parent!.ToString());
        }
        else
        {
            Parent?.Write(ref text);
        }

        switch (_step)
        {
            case Step.Document:
                text.AppendLiteral("#");
                break;
            case Step.Item when _isEmbedded:
                text.AppendLiteral("/");
                text.AppendFormatted(_index);
                break;
            case Step.Item:
                text.AppendLiteral("[");
                text.AppendFormatted(_index);
                text.AppendLiteral("]");
                break;
            case Step.Property when _isEmbedded:
                text.AppendLiteral("/");
                text.AppendLiteral(Shown(_name!).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
                break;
            case Step.Property when _name!.Length > 0 && !_name.AsSpan().ContainsAnyExcept(Plain):
                text.AppendLiteral(text.Text.IsEmpty ? "" : ".");
                text.AppendLiteral(_name);
                break;
            case Step.Property:
                text.AppendLiteral("[");
                text.AppendLiteral(Shown(_name));
                text.AppendLiteral("]");
                break;
        }
    }

    // A path is part of one line, whatever a key holds.
    private static string Shown(string name)
    {
        foreach (char letter in name)
        {
            if (char.IsControl(letter))
            {
                return JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;
            }
        }

        return name;
    }
}
