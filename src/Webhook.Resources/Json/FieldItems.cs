using System.Collections;
using System.Text.Json;

namespace Webhook.Resources.Json;

/// <summary>The items of a list; <c>foreach</c> over it allocates nothing but the paths.</summary>
/// <param name="list">The list; anything else has no items.</param>
public readonly struct FieldItems(Field list) : IEnumerable<Field>
{
    private readonly Field _list = list;

    /// <summary>Starts before the first item.</summary>
    public Enumerator GetEnumerator() => new(_list);

    /// <inheritdoc/>
    IEnumerator<Field> IEnumerable<Field>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the items.</summary>
    public struct Enumerator : IEnumerator<Field>
    {
        private readonly FieldPath? _path;
        private JsonElement.ArrayEnumerator _items;
        private int _index;

        internal Enumerator(Field list)
        {
            _index = -1;
            if (list.IsList)
            {
                _path = list.Path;
                _items = list.Element.EnumerateArray();
            }
        }

        /// <inheritdoc/>
        public readonly Field Current => new(_items.Current, _path!.Item(_index));

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            _index++;
            return _path is not null && _items.MoveNext();
        }

        /// <inheritdoc/>
        public void Reset()
        {
            _index = -1;
            _items.Reset();
        }

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
