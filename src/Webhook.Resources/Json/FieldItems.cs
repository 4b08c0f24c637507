using System.Collections;

namespace Webhook.Resources.Json;

/// <summary>The items of a list; <c>foreach</c> over it allocates nothing.</summary>
public readonly struct FieldItems : IEnumerable<Field>
{
    private readonly FieldSource? _source;
    private readonly int _list;

    internal FieldItems(FieldSource source, int list)
    {
        _source = source;
        _list = list;
    }

    /// <summary>Starts before the first item.</summary>
    public Enumerator GetEnumerator() => new(_source, _list);

    /// <inheritdoc/>
    IEnumerator<Field> IEnumerable<Field>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the items.</summary>
    public struct Enumerator : IEnumerator<Field>
    {
        private readonly FieldSource? _source;
        private readonly int _first;
        private readonly int _end;
        private int _next;
        private int _at;

        internal Enumerator(FieldSource? source, int list)
        {
            _source = source;
            _first = _next = list + 1;
            _end = source?.Next(list) ?? 0;
        }

        /// <inheritdoc/>
        public readonly Field Current => new(_source!, _at);

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_next >= _end)
            {
                return false;
            }

            _at = _next;
            _next = _source!.Next(_at);
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => _next = _first;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
