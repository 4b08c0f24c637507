using System.Collections;
using System.Text.Json;

namespace Webhook.Resources.Json;

/// <summary>The properties of a map; <c>foreach</c> over it allocates nothing but names and paths.</summary>
/// <param name="map">The map; anything else has no properties.</param>
public readonly struct FieldMembers(Field map) : IEnumerable<Field>
{
    private readonly Field _map = map;

    /// <summary>Starts before the first property.</summary>
    public Enumerator GetEnumerator() => new(_map);

    /// <inheritdoc/>
    IEnumerator<Field> IEnumerable<Field>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the properties.</summary>
    public struct Enumerator : IEnumerator<Field>
    {
        private readonly FieldPath? _path;
        private JsonElement.ObjectEnumerator _properties;

        internal Enumerator(Field map)
        {
            if (map.IsMap)
            {
                _path = map.Path;
                _properties = map.Element.EnumerateObject();
            }
        }

        /// <inheritdoc/>
        public readonly Field Current => new(_properties.Current.Value, _path!.Property(_properties.Current.Name));

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => _path is not null && _properties.MoveNext();

        /// <inheritdoc/>
        public void Reset() => _properties.Reset();

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
