namespace Webhook.Resources.Json;

/// <summary>The list of values that a text is read into.</summary>
/// <param name="nodes">Room for the first ones.</param>
/// <param name="offset">Where the text begins in the array that it stands in.</param>
internal struct FieldNodes(FieldNode[] nodes, int offset)
{
    private FieldNode[] _nodes = nodes;
    private int _count;
    private int _open = -1;

    /// <summary>The lists and maps that are open.</summary>
    public int Depth { get; private set; }

    /// <summary>Whether the innermost open one is a map.</summary>
    public readonly bool IsInMap => _nodes[_open].Kind == FieldKind.Map;

    /// <summary>The room that was needed, for the next text.</summary>
    public readonly FieldNode[] Room => _nodes;

    /// <summary>The values.</summary>
    public readonly FieldNode[] ToArray() => _nodes.AsSpan(0, _count).ToArray();

    /// <summary>Adds the name of the property that is added next.</summary>
    public void AddName(int start, int length, bool isEscaped) => Add(new FieldNode(FieldKind.Absent, offset + start, length, isEscaped));

    /// <summary>Adds a value that is no list or map.</summary>
    public void AddValue(FieldKind kind, int start, int length, bool isEscaped = false)
    {
        CountOne();
        Add(new FieldNode(kind, offset + start, length, isEscaped) { Next = _count + 1 });
    }

    /// <summary>Begins a list or map.</summary>
    public void Open(FieldKind kind, int start)
    {
        CountOne();
        Add(new FieldNode(kind, offset + start, 0) { Next = _open });
        _open = _count - 1;
        Depth++;
    }

    /// <summary>Ends the innermost list or map.</summary>
    /// <param name="end">Where its closing bracket stands.</param>
    public void Close(int end)
    {
        ref FieldNode closed = ref _nodes[_open];
        _open = closed.Next;
        closed.Next = _count;
        closed.Length = offset + end + 1 - closed.Start;
        Depth--;
    }

    private readonly void CountOne()
    {
        if (_open >= 0)
        {
            _nodes[_open].CountOne();
        }
    }

    private void Add(FieldNode node)
    {
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _count);
        }

        _nodes[_count++] = node;
    }
}

/// <summary>One value, or the name before it.</summary>
/// <param name="kind">What it is; absent for a name.</param>
/// <param name="start">Where its text begins; of a string or name after the quote.</param>
/// <param name="length">How long that is; of a string or name without the quotes.</param>
/// <param name="isEscaped">Whether a string or name is written with escapes.</param>
internal struct FieldNode(FieldKind kind, int start, int length, bool isEscaped = false)
{
    private const uint KindBits = 7, EscapedBit = 8, One = 16;

    private uint _bits = (uint)kind | (isEscaped ? EscapedBit : 0);

    /// <summary>Where the text begins.</summary>
    public readonly int Start = start;

    /// <summary>How long it is.</summary>
    public int Length = length;

    /// <summary>What comes after the value and all below it. While a list or map is being read, the one it stands in.</summary>
    public int Next;

    /// <summary>What it is.</summary>
    public readonly FieldKind Kind => (FieldKind)(_bits & KindBits);

    /// <summary>Whether it is written with escapes.</summary>
    public readonly bool IsEscaped => (_bits & EscapedBit) != 0;

    /// <summary>How many items or properties it has.</summary>
    public readonly int Count => (int)(_bits / One);

    /// <summary>One more.</summary>
    public void CountOne() => _bits += One;
}
