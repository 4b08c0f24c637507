using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webhook.Admission;
using Webhook.Cluster;
using Webhook.Hosting;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;

namespace Webhook.Tests.Hosting;

/// <summary>The server beside an API server that serves the core kinds and networks, and lets nobody list claims.</summary>
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
        await ReadyAsync(server);
        string metrics = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("infoscale_webhook_cache_objects{kind=\"Namespace\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_objects{kind=\"VirtualMachine\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_lists_total{kind=\"Namespace\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_watch_failures_total{kind=\"PersistentVolumeClaim\",reason=\"forbidden\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_unverified{kind=\"PersistentVolumeClaim\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_unverified{kind=\"VirtualMachine\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_cache_age_seconds{kind=\"Node\"} ", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("late", false)]
    [InlineData("none", true)]
    [InlineData("slow", true)]
    public async Task A_network_that_the_view_lacks_is_looked_up_before_it_is_called_missing(string network, bool isMissing)
    {
        await using WebApplication api = await ApiServerAsync(Task.CompletedTask);
        await using RunningServer server = await RunningServer.StartAsync(new ServeOptions
        {
            Cluster = new ClusterConnection { Server = new Uri(api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) },
        });
        await ReadyAsync(server);
        JsonNode answer = await server.ReviewAsync(MachineOn(network));
        Assert.Equal(isMissing, answer.ToJsonString().Contains("vm-network-missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_review_that_waits_for_the_API_server_holds_up_no_other()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WebApplication api = await ApiServerAsync(Task.CompletedTask, asked);
        using var gate = new ReviewGate(running: 1, waiting: 0);
        await using RunningServer server = await RunningServer.StartAsync(
            new ServeOptions
            {
                Cluster = new ClusterConnection { Server = new Uri(api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) },
            },
            gate: gate);
        await ReadyAsync(server);
        Task<JsonNode> waiting = server.ReviewAsync(MachineOn("slow"));
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);

        // The only turn is free again.
        Assert.Contains("u-1", (await server.ReviewAsync(MachineOn("none"))).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("vm-network-missing", (await waiting).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(0, gate.Running);
    }

    [Fact]
    public void The_cluster_role_allows_to_read_each_kind_that_is_looked_up_and_nothing_else()
    {
        string text = File.ReadAllText(Path.Combine(Golden.Checkout, "deploy", "base", "11-cluster-role.yaml"));
        Field role = ManifestReader.Read(text).Single(static manifest => manifest.Root["kind"].Text == "ClusterRole").Root;
        var allowed = new List<string>();
        foreach (Field rule in role["rules"].Items())
        {
            if (Texts(rule["apiGroups"]).Contains("admissionregistration.k8s.io"))
            {
                // Its own two configurations, to compare what they trust with what is served.
                Assert.Equal(("get", "infoscale-webhook"), (Assert.Single(Texts(rule["verbs"])), Assert.Single(Texts(rule["resourceNames"]))));
                continue;
            }

            bool isLookedUp = Texts(rule["resources"]).Contains(ClusterKind.NetworkAttachmentDefinition.Resource);
            Assert.Equal(isLookedUp ? "get list watch" : "list watch", string.Join(' ', Texts(rule["verbs"])));
            allowed.AddRange(Texts(rule["resources"]).Select(resource => $"{Assert.Single(Texts(rule["apiGroups"]))}/{resource}"));
        }

        Assert.Equal(
            ClusterKind.All.Select(static kind => $"{kind.Group}/{kind.Resource}").Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
    }

    private static async Task ReadyAsync(RunningServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative), patience.Token) is { IsSuccessStatusCode: false } waiting)
        {
            waiting.Dispose();
            await Task.Yield();
        }
    }

    private static IEnumerable<string> Texts(Field list)
    {
        foreach (Field item in list.Items())
        {
            yield return item.Text!;
        }
    }

    private static string MachineOn(string network) =>
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE","name":"vm","namespace":"a",
        "kind":{"group":"kubevirt.io","version":"v1","kind":"VirtualMachine"},"object":{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine",
        "metadata":{"name":"vm","namespace":"a","labels":{"infoscale.internal/cluster":"erp"}},"spec":{"template":{"spec":{
        "domain":{"devices":{"interfaces":[{"name":"n","bridge":{}}]}},"networks":[{"name":"n","multus":{"networkName":"NETWORK"}}]}}}}}}
        """.Replace("NETWORK", network, StringComparison.Ordinal);

    private static async Task<WebApplication> ApiServerAsync(Task release, TaskCompletionSource? asked = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication api = builder.Build();
        api.Run(async context =>
        {
            string path = context.Request.Path.Value!;
            await release.WaitAsync(context.RequestAborted);
            if (path.EndsWith("/slow", StringComparison.Ordinal))
            {
                asked?.TrySetResult();
            }

            if (path.StartsWith("/apis/k8s.cni.cncf.io", StringComparison.Ordinal))
            {
                await NetworksAsync(context, path.Split('/')[^1]);
            }
            else if (path.StartsWith("/apis/", StringComparison.Ordinal) || path.EndsWith("/persistentvolumeclaims", StringComparison.Ordinal))
            {
                context.Response.StatusCode = path.StartsWith("/apis/", StringComparison.Ordinal) ? 404 : 403;
            }
            else if (context.Request.Query.ContainsKey("watch"))
            {
                await HangAsync(context);
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

    // No network is listed, and one is there when it is asked for by name.
    private static Task NetworksAsync(HttpContext context, string last) => last switch
    {
        "k8s.cni.cncf.io" => context.Response.WriteAsync("""{"versions":[{"version":"v1"}]}"""),
        "v1" => context.Response.WriteAsync("""{"resources":[{"name":"network-attachment-definitions"}]}"""),
        "network-attachment-definitions" when context.Request.Query.ContainsKey("watch") => HangAsync(context),
        "network-attachment-definitions" => context.Response.WriteAsync("""{"items":[],"metadata":{"resourceVersion":"7"}}"""),
        "late" => context.Response.WriteAsync("""{"metadata":{"name":"late","namespace":"a","uid":"u","resourceVersion":"8"},"spec":{"config":"{}"}}"""),
        "slow" => HangAsync(context),
        _ => NotFoundAsync(context),
    };

    private static async Task HangAsync(HttpContext context)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}
