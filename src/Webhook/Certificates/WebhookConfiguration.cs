using System.Text;
using System.Text.Json.Nodes;
using Webhook.Cluster;
using Webhook.Resources.Json;

namespace Webhook.Certificates;

/// <summary>A Validating- or MutatingWebhookConfiguration as far as certificates go.</summary>
/// <param name="Resource">The plural name of its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="ResourceVersion">Its version.</param>
/// <param name="Entries">Its webhooks in order.</param>
internal sealed record WebhookConfiguration(string Resource, string Name, string ResourceVersion, IReadOnlyList<WebhookEntry> Entries)
{
    /// <summary>The kinds, by their plural names.</summary>
    public static readonly IReadOnlyList<string> Resources = ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"];

    /// <summary>The name that the project's own have unless the command line says otherwise.</summary>
    public const string DefaultName = "infoscale-webhook";

    /// <summary>The kind.</summary>
    public string Kind => Resource == Resources[0] ? "ValidatingWebhookConfiguration" : "MutatingWebhookConfiguration";

    /// <summary>Reads one.</summary>
    /// <param name="client">The API server.</param>
    /// <param name="resource">One of <see cref="Resources"/>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null where there is none: then the API server asks nobody.</returns>
    public static async Task<ApiResult<WebhookConfiguration?>> ReadAsync(ApiClient client, string resource, string name, CancellationToken cancellation)
    {
        ApiResult<Field> read = await client.SendAsync(HttpMethod.Get, Path(resource, name), $"get {resource}", default, cancellation);
        return read.Error is { Kind: ApiErrorKind.NotFound } ? (WebhookConfiguration?)null
            : read.Error is not null ? read.Error
            : Of(resource, name, read.Value);
    }

    /// <summary>Changes bundles, if nobody has changed the configuration since.</summary>
    /// <param name="client">The API server.</param>
    /// <param name="bundles">The new bundles by the index of their entry.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The configuration as it is now; <see cref="ApiErrorKind.Conflict"/> where somebody has changed it.</returns>
    public async Task<ApiResult<WebhookConfiguration>> PatchAsync(
        ApiClient client, IReadOnlyDictionary<int, AuthorityBundle> bundles, CancellationToken cancellation)
    {
        // With its version in the patch the API server refuses it where it has another by now.
        var patch = new JsonArray(Operation("/metadata/resourceVersion", ResourceVersion));
        foreach ((int index, AuthorityBundle bundle) in bundles)
        {
            patch.Add((JsonNode)Operation($"/webhooks/{index}/clientConfig/caBundle", bundle.Write()));
        }

        ApiResult<Field> written = await client.SendAsync(
            HttpMethod.Patch, Path(Resource, Name), $"patch {Resource}", Encoding.UTF8.GetBytes(patch.ToJsonString()), cancellation);
        return written.Error is not null ? written.Error : Of(Resource, Name, written.Value);
    }

    // "add" replaces what is there.
    private static JsonObject Operation(string path, string value) => new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = value };

    private static string Path(string resource, string name) => $"apis/admissionregistration.k8s.io/v1/{resource}/{Uri.EscapeDataString(name)}";

    private static WebhookConfiguration Of(string resource, string name, Field root)
    {
        var entries = new List<WebhookEntry>();
        var bundles = new Dictionary<string, AuthorityBundle>(StringComparer.Ordinal);
        foreach (Field entry in root["webhooks"].Items())
        {
            Field client = entry["clientConfig"], service = client["service"];
            string? host = service.IsPresent ? $"{service["name"].Text}.{service["namespace"].Text}.svc"
                : Uri.TryCreate(client["url"].Text, UriKind.Absolute, out Uri? url) ? url.IdnHost : null;
            string base64 = client["caBundle"].Text ?? "";
            if (!bundles.TryGetValue(base64, out AuthorityBundle? bundle))
            {
                bundles[base64] = bundle = AuthorityBundle.Read(base64);
            }

            entries.Add(new WebhookEntry(entry["name"].Text ?? "", host ?? "", service.IsPresent, bundle));
        }

        return new WebhookConfiguration(resource, name, root["metadata"]["resourceVersion"].Text ?? "", entries);
    }
}

/// <summary>One webhook of a configuration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Host">The name that the certificate must be for: <c>NAME.NAMESPACE.svc</c> of the Service, or that of the URL.</param>
/// <param name="IsService">Whether it leads to a Service.</param>
/// <param name="Bundle">Whom the API server believes; the same object for webhooks with the same bundle.</param>
internal sealed record WebhookEntry(string Name, string Host, bool IsService, AuthorityBundle Bundle);
