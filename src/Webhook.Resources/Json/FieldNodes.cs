using System.Buffers;

namespace Webhook.Resources.Json;

/// <summary>The list of values that a text is read into, in room from a pool.</summary>
/// <param name="offset">Where the text begins in the array that it stands in.</param>
internal struct FieldNodes(int offset)
{
    // Enough for most objects.
    private const int FirstRoom = 1024;

    // What a larger text needed is not kept for the next one: 16 bytes each.
    private const int LargestKept = 8 * 1024;

    private FieldNode[] _nodes = ArrayPool<FieldNode>.Shared.Rent(FirstRoom);
    private int _count;
    private int _open = -1;

    /// <summary>The lists and maps that are open.</summary>
    public int Depth { get; private set; }

    /// <summary>Whether the innermost open one is a map.</summary>
    public bool IsInMap { get; private set; }

    /// <summary>The values and room beyond them, until <see cref="Return"/>.</summary>
    public readonly FieldNode[] Room => _nodes;

    /// <summary>Gives room back that nobody reads any more.</summary>
    public static void Return(FieldNode[] room)
    {
        if (room.Length <= LargestKept)
        {
            ArrayPool<FieldNode>.Shared.Return(room);
        }
    }

    /// <summary>A copy of the values.</summary>
    public readonly FieldNode[] ToArray()
    {
        FieldNode[] all = GC.AllocateUninitializedArray<FieldNode>(_count);
        _nodes.AsSpan(0, _count).CopyTo(all);
        return all;
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _count = 0;
        _open = -1;
        Depth = 0;
        IsInMap = false;
    }

    /// <summary>Adds the name of the property that is added next.</summary>
    public void AddName(int start, ReadOnlySpan<byte> name, bool isEscaped)
    {
        int at = _count;
        Add().SetName(offset + start, name, isEscaped);

        // While a map is open, its length is the place of its last name.
        ref FieldNode map = ref _nodes[_open];
        if (map.Length > 0)
        {
            _nodes[map.Length].Next = at;
        }

        map.Length = at;
        if (isEscaped)
        {
            map.MarkEscaped();
        }
    }

    /// <summary>Adds a value that is no list or map.</summary>
    public void AddValue(FieldKind kind, int start, int length, bool isEscaped = false)
    {
        CountOne();
        ref FieldNode node = ref Add();
        node.Set(kind, offset + start, length, isEscaped, _count);
    }

    /// <summary>Begins a list or map.</summary>
    public void Open(FieldKind kind, int start)
    {
        CountOne();
        Add().Set(kind, offset + start, 0, false, _open);
        _open = _count - 1;
        IsInMap = kind == FieldKind.Map;
        Depth++;
    }

    /// <summary>Ends the innermost list or map.</summary>
    /// <param name="end">Where its closing bracket stands.</param>
    public void Close(int end)
    {
        ref FieldNode closed = ref _nodes[_open];
        if (closed.Length > 0)
        {
            _nodes[closed.Length].Next = _count;
        }

        _open = closed.Next;
        closed.Next = _count;
        closed.Length = offset + end + 1 - closed.Start;
        Depth--;
        IsInMap = _open >= 0 && _nodes[_open].Kind == FieldKind.Map;
    }

    private readonly void CountOne()
    {
        if (_open >= 0)
        {
            _nodes[_open].CountOne();
        }
    }

    private ref FieldNode Add()
    {
        if (_count == _nodes.Length)
        {
            Grow();
        }

        return ref _nodes[_count++];
    }

    private void Grow()
    {
        FieldNode[] larger = 2 * _count <= LargestKept ? ArrayPool<FieldNode>.Shared.Rent(2 * _count) : new FieldNode[2 * _count];
        _nodes.AsSpan(0, _count).CopyTo(larger);
        Return(_nodes);
        _nodes = larger;
    }
}

/// <summary>One value, or the name before it.</summary>
internal struct FieldNode
{
    // Above its kind a value counts what is below it, and a name keeps its first and last letter.
    private const uint KindBits = 7, EscapedBit = 8, One = 16, MarkBits = 0x7F7F0000;

    private uint _bits;

    /// <summary>Where the text begins; of a string or name after the quote.</summary>
    public int Start;

    /// <summary>How long it is; of a string or name without the quotes.</summary>
    public int Length;

    /// <summary>
    /// What comes after the value and all below it; of a name the next name. While a list or map is being read, the one it stands in.
    /// </summary>
    public int Next;

    /// <summary>What it is; absent for a name.</summary>
    public readonly FieldKind Kind => (FieldKind)(_bits & KindBits);

    /// <summary>Whether a string or name is written with escapes; of a map, whether one of its names is.</summary>
    public readonly bool IsEscaped => (_bits & EscapedBit) != 0;

    /// <summary>How many items or properties it has.</summary>
    public readonly int Count => (int)(_bits / One);

    /// <summary>What two names must have alike to be alike, besides their length; a letter beyond ASCII has none.</summary>
    public static uint MarkOf(ReadOnlySpan<char> name) => name.Length == 0 ? 0 : MarkOf(name[0], name[^1]);

    /// <summary>Makes it a value.</summary>
    public void Set(FieldKind kind, int start, int length, bool isEscaped, int next)
    {
        _bits = (uint)kind | (isEscaped ? EscapedBit : 0);
        Start = start;
        Length = length;
        Next = next;
    }

    /// <summary>Makes it a name.</summary>
    public void SetName(int start, ReadOnlySpan<byte> name, bool isEscaped)
    {
        _bits = (uint)FieldKind.Absent | (isEscaped ? EscapedBit : 0) | (name.Length == 0 ? 0 : MarkOf(name[0], name[^1]));
        Start = start;
        Length = name.Length;
    }

    /// <summary>Whether it may be the name of that mark and length.</summary>
    public readonly bool MayBe(uint mark, int length) => Length == length && (_bits & MarkBits) == mark;

    /// <summary>Says that a name in this map is escaped.</summary>
    public void MarkEscaped() => _bits |= EscapedBit;

    /// <summary>One more.</summary>
    public void CountOne() => _bits += One;

    private static uint MarkOf(uint first, uint last) => ((first << 24) | (last << 16)) & MarkBits;
}
