using System.Text.Json.Nodes;

namespace Webhook.Rules.Tests;

/// <summary>Every way to spoil one node of an object: removed, or replaced by a value of each JSON type.</summary>
public static class Mutations
{
    private static readonly string?[] Replacements = [null, "7", "-1", "\"x\"", "\"{{ capture.x }}\"", "true", "[]", "[null]", "{}", "[[{}]]"];

    /// <summary>
    /// The object itself first, then one copy for each node and replacement. A copy is valid only until the next is asked for.
    /// </summary>
    public static IEnumerable<JsonNode> Of(JsonNode root)
    {
        yield return root;
        foreach (JsonNode copy in Below(root, root))
        {
            yield return copy;
        }
    }

    private static IEnumerable<JsonNode> Below(JsonNode root, JsonNode at)
    {
        if (at is JsonObject map)
        {
            foreach (string key in map.Select(static property => property.Key).ToArray())
            {
                JsonNode? was = map[key];
                int index = map.IndexOf(key);
                map.Remove(key);
                yield return root;
                foreach (string? replacement in Replacements)
                {
                    map[key] = replacement is null ? null : JsonNode.Parse(replacement);
                    yield return root;
                    map.Remove(key);
                }

                map.Insert(index, key, was);
                if (was is not null)
                {
                    foreach (JsonNode copy in Below(root, was))
                    {
                        yield return copy;
                    }
                }
            }
        }
        else if (at is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                JsonNode? was = list[i];
                foreach (string? replacement in Replacements)
                {
                    list[i] = replacement is null ? null : JsonNode.Parse(replacement);
                    yield return root;
                }

                list[i] = was;
                if (was is not null)
                {
                    foreach (JsonNode copy in Below(root, was))
                    {
                        yield return copy;
                    }
                }
            }
        }
    }
}
