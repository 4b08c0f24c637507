using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A Node (v1): a machine of the cluster, with the labels by which policies select it.</summary>
/// <param name="root">The object.</param>
public sealed class Node(Field root) : KubernetesObject(root)
{
    /// <summary>The marks that keep pods away which do not tolerate them: maps with <c>key</c>, <c>value</c>, <c>effect</c>.</summary>
    public Field Taints => Spec["taints"];
}
