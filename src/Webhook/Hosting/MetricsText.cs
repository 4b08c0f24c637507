using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Webhook.Hosting;

/// <summary>
/// Adds up the instruments of one meter and writes them in the Prometheus text format 0.0.4
/// (prometheus/docs content/docs/instrumenting/exposition_formats.md).
/// </summary>
internal sealed class MetricsText : IDisposable
{
    /// <summary>The content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    /// <summary>Starts to listen.</summary>
    public MetricsText(WebhookMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
            {
                var family = new Family(instrument);
                _families[instrument.Name] = family;
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Take((Family)state!, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Take((Family)state!, value, tags));
        _listener.Start();
    }

    /// <summary>Everything that was measured up to now.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (_lock)
        {
            foreach (Family family in _families.Values)
            {
                family.Write(text);
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Take(Family family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            family.Take(value, tags);
        }
    }

    private sealed class Family(Instrument instrument)
    {
        private readonly bool _isGauge = instrument.IsObservable;
        private readonly bool _isHistogram = instrument is Histogram<double>;
        private readonly IReadOnlyList<double> _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? [];
        private readonly List<Series> _series = [];
        private long[]? _buckets;

        public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Series series = Find(tags);
            series.Count++;
            series.Value = _isGauge ? value : series.Value + value;
            if (_isHistogram)
            {
                _buckets ??= new long[_bounds.Count];
                int bucket = 0;
                while (bucket < _buckets.Length && _bounds[bucket] < value)
                {
                    bucket++;
                }

                if (bucket < _buckets.Length)
                {
                    _buckets[bucket]++;
                }
            }
        }

        public void Write(StringBuilder text)
        {
            string name = _isGauge || _isHistogram ? instrument.Name : instrument.Name + "_total";
            if (_series.Count == 0 || double.IsNaN(_series[0].Value))
            {
                return;
            }

            text.Append("# HELP ").Append(name).Append(' ').Append(instrument.Description).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(_isHistogram ? "histogram" : _isGauge ? "gauge" : "counter").Append('\n');
            if (_isHistogram)
            {
                WriteHistogram(text, name);
                return;
            }

            foreach (Series series in _series)
            {
                text.Append(name).Append(series.Labels).Append(' ').Append(Number(series.Value)).Append('\n');
            }
        }

        private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

        private void WriteHistogram(StringBuilder text, string name)
        {
            long total = 0;
            for (int i = 0; i < _bounds.Count; i++)
            {
                total += _buckets![i];
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{Number(_bounds[i])}\"}} {total}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"+Inf\"}} {_series[0].Count}\n");
            text.Append(CultureInfo.InvariantCulture, $"{name}_sum {Number(_series[0].Value)}\n{name}_count {_series[0].Count}\n");
        }

        // A family has a few dozen series at most: looking through them allocates nothing.
        private Series Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (Series series in _series)
            {
                if (series.Has(tags))
                {
                    return series;
                }
            }

            var added = new Series(tags);
            _series.Add(added);
            return added;
        }
    }

    private sealed class Series(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        private readonly KeyValuePair<string, object?>[] _tags = tags.ToArray();

        public long Count { get; set; }

        public double Value { get; set; }

        public string Labels => _tags.Length == 0
            ? ""
            : $"{{{string.Join(',', _tags.Select(static tag => $"{tag.Key}=\"{Escape((string)tag.Value!)}\""))}}}";

        public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length != _tags.Length)
            {
                return false;
            }

            for (int i = 0; i < tags.Length; i++)
            {
                if (!string.Equals((string?)tags[i].Value, (string?)_tags[i].Value, StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return true;
        }

        private static string Escape(string value) =>
            value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }
}
