using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A Namespace (v1), with the labels by which networks and webhooks select it.</summary>
/// <param name="root">The object.</param>
public sealed class Namespace(Field root) : KubernetesObject(root);
