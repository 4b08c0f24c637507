using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;
using Webhook.Resources.Json;

namespace Webhook.Rules.Tests;

/// <summary>Applies a JSON Patch by the implementation of ASP.NET Core, which shares nothing with the one that wrote it.</summary>
public static class PatchedBy
{
    public static Field Patch(Field root, byte[] patch)
    {
        JsonPatchDocument document = JsonSerializer.Deserialize<JsonPatchDocument>(patch)!;
        JsonNode node = JsonNode.Parse(root.Json)!;
        document.ApplyTo(node, error => Assert.Fail($"{error.ErrorMessage}\n{Encoding.UTF8.GetString(patch)}"));
        return Field.Parse(node.ToJsonString());
    }
}
