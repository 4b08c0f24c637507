using Microsoft.Extensions.Time.Testing;
using Webhook.Resources;

namespace Webhook.Cluster.Tests;

public sealed class ApiClientTests
{
    [Theory]
    [InlineData("a", "")]
    [InlineData("a", ".")]
    [InlineData("a", "..")]
    [InlineData("a", "../nodes")]
    [InlineData("a", "%2e%2e")]
    [InlineData("", "net")]
    [InlineData("..", "net")]
    [InlineData("a/b", "net")]
    public async Task What_cannot_be_a_name_is_not_found_and_not_asked_for(string @namespace, string name)
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(ClusterKind.NetworkAttachmentDefinition);
        server.Served = ["v1"];
        server.Put("net", "a");
        using var client = new ApiClient(new ClusterConnection { Server = server.Address }, "test/1.0", new FakeTimeProvider());
        ApiResult<StoredObject> answer = await client.GetAsync(server.Kind, "v1", new ObjectKey(@namespace, name), TestContext.Current.CancellationToken);
        Assert.Equal(ApiErrorKind.NotFound, answer.Error?.Kind);
        Assert.Empty(server.Callers);

        answer = await client.GetAsync(server.Kind, "v1", new ObjectKey("a", "net"), TestContext.Current.CancellationToken);
        Assert.Equal("net", answer.Value?.Name);
    }
}
