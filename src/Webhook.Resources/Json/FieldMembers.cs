using System.Collections;

namespace Webhook.Resources.Json;

/// <summary>The properties of a map; <c>foreach</c> over it allocates nothing.</summary>
public readonly struct FieldMembers : IEnumerable<Field>
{
    private readonly FieldSource? _source;
    private readonly int _map;

    internal FieldMembers(FieldSource source, int map)
    {
        _source = source;
        _map = map;
    }

    /// <summary>Starts before the first property.</summary>
    public Enumerator GetEnumerator() => new(_source, _map);

    /// <inheritdoc/>
    IEnumerator<Field> IEnumerable<Field>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the properties.</summary>
    public struct Enumerator : IEnumerator<Field>
    {
        private readonly FieldSource? _source;
        private readonly int _first;
        private readonly int _end;
        private int _next;
        private int _at;

        internal Enumerator(FieldSource? source, int map)
        {
            _source = source;
            _first = _next = map + 1;
            _end = source?.Next(map) ?? 0;
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

            _at = _next + 1;
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
