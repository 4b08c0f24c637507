using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webhook.Cluster;
using Webhook.Hosting;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;

namespace Webhook.Tests.Hosting;

/// <summary>The server beside an API server that serves the core kinds, one Namespace among them, and lets nobody list claims.</summary>
public sealed class LiveClusterTests
{
    [Fact]
    public async Task The_server_is_ready_once_each_kind_was_listed_or_is_known_to_be_absent_or_forbidden()
    {
        var release = new TaskCompletionSource();
        await using WebApplication api = await ApiServerAsync(release.Task);
        await using RunningServer server = await RunningServer.StartAsync(new ServeOptions
        {
            Cluster = new ClusterConnection { Server = new Uri(api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) },
        });
        using HttpResponseMessage early = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        string problem = await early.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("the cluster is not seen yet, not listed yet: ", problem, StringComparison.Ordinal);
        Assert.Contains("Namespace", problem, StringComparison.Ordinal);

        release.SetResult();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative), patience.Token) is { IsSuccessStatusCode: false } waiting)
        {
            waiting.Dispose();
            await Task.Yield();
        }

        string metrics = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("infoscale_webhook_cache_objects{kind=\"Namespace\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_objects{kind=\"VirtualMachine\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_lists_total{kind=\"Namespace\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_watch_failures_total{kind=\"PersistentVolumeClaim\",reason=\"forbidden\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_unverified{kind=\"PersistentVolumeClaim\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_unverified{kind=\"VirtualMachine\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_age_seconds{kind=\"Node\"} ", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cluster_role_allows_to_read_each_kind_that_is_looked_up_and_nothing_else()
    {
        string text = File.ReadAllText(Path.Combine(Golden.Checkout, "deploy", "base", "11-cluster-role.yaml"));
        Field role = ManifestReader.Read(text).Single(static manifest => manifest.Root["kind"].Text == "ClusterRole").Root;
        var allowed = new List<string>();
        foreach (Field rule in role["rules"].Items())
        {
            Assert.Equal("get list watch", string.Join(' ', Texts(rule["verbs"])));
            allowed.AddRange(Texts(rule["resources"]).Select(resource => $"{Assert.Single(Texts(rule["apiGroups"]))}/{resource}"));
        }

        Assert.Equal(
            ClusterKind.All.Select(static kind => $"{kind.Group}/{kind.Resource}").Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Texts(Field list)
    {
        foreach (Field item in list.Items())
        {
            yield return item.Text!;
        }
    }

    private static async Task<WebApplication> ApiServerAsync(Task release)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication api = builder.Build();
        api.Run(async context =>
        {
            string path = context.Request.Path.Value!;
            await release.WaitAsync(context.RequestAborted);
            if (path.StartsWith("/apis/", StringComparison.Ordinal) || path.EndsWith("/persistentvolumeclaims", StringComparison.Ordinal))
            {
                context.Response.StatusCode = path.StartsWith("/apis/", StringComparison.Ordinal) ? 404 : 403;
            }
            else if (context.Request.Query.ContainsKey("watch"))
            {
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            else
            {
                string item = path.EndsWith("/namespaces", StringComparison.Ordinal) ? """{"metadata":{"name":"a","uid":"u","resourceVersion":"1"}}""" : "";
                await context.Response.WriteAsync($"{{\"items\":[{item}],\"metadata\":{{\"resourceVersion\":\"7\"}}}}");
            }
        });
        await api.StartAsync(TestContext.Current.CancellationToken);
        return api;
    }
}
