using Webhook.Enforcement;
using Webhook.Hosting;

namespace Webhook.Configuration;

/// <summary>The settings in force: those of the file, as long as it is good, and the last good ones after that.</summary>
/// <param name="file">The file, or null where there is none.</param>
/// <param name="initial">The settings read at start.</param>
/// <param name="metrics">Counts reloads.</param>
/// <param name="logger">Tells of them.</param>
internal sealed class ConfigurationStore(
    string? file, EnforcementSettings initial, WebhookMetrics metrics, ILogger<ConfigurationStore> logger) : IPolled
{
    private volatile EnforcementSettings _current = initial;
    private string? _lastSeen = Look(file);

    /// <summary>The settings in force; a review takes them once.</summary>
    public EnforcementSettings Current => _current;

    /// <inheritdoc/>
    /// <remarks>Compares the text and not the time: a ConfigMap volume changes by a symlink swap and keeps odd times.</remarks>
    public void Poll()
    {
        string? seen = Look(file);
        if (file is null || seen == _lastSeen)
        {
            return;
        }

        _lastSeen = seen;
        EnforcementSettings? settings = ConfigurationFile.Read(file, out IReadOnlyList<string> errors);
        metrics.ConfigurationReloaded(settings is not null);
        if (settings is null)
        {
            Log.ConfigurationRejected(logger, file, string.Join('\n', errors));
            return;
        }

        _current = settings;
        Log.ConfigurationLoaded(logger, file, settings.Mode.Word());
    }

    private static string? Look(string? file) =>
        file is null ? null : ConfigurationFile.TryReadText(file, out string text, out string error) ? text : error;
}
