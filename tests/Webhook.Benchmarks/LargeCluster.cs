using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webhook.Resources;

namespace Webhook.Benchmarks;

/// <summary>An API server over plain HTTP that serves a large cluster from memory: groups, lists in pages, watches on which nothing happens.</summary>
internal sealed class LargeCluster : IDisposable
{
    private const int Namespaces = 50;

    private readonly Dictionary<string, byte[][]> _objects = [];
    private readonly WebApplication _app;
    private readonly string _folder = Directory.CreateTempSubdirectory("webhook-scale-").FullName;
    private TaskCompletionSource _expired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _listedBytes;
    private int _lists;

    public LargeCluster(int machines, int networks, int policies, int states)
    {
        _objects[ClusterKind.VirtualMachine.Resource] = [.. Enumerable.Range(0, machines).Select(static i => Machine(i))];
        _objects[ClusterKind.NetworkAttachmentDefinition.Resource] = [.. Enumerable.Range(0, networks).Select(static i => Network(i))];
        _objects[ClusterKind.NodeNetworkConfigurationPolicy.Resource] = [.. Enumerable.Range(0, policies).Select(SampleReviews.Policy)];
        _objects[ClusterKind.NodeNetworkState.Resource] = [.. Enumerable.Range(0, states).Select(static i => State(i))];
        _objects[ClusterKind.Node.Resource] = [.. Enumerable.Range(0, states).Select(static i => Encoding.UTF8.GetBytes(
            $$$"""{"metadata":{"name":"worker-{{{i}}}","uid":"n{{{i}}}","resourceVersion":"1","labels":{"kubernetes.io/hostname":"worker-{{{i}}}"} } }"""))];
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(HandleAsync);
        _app.StartAsync().GetAwaiter().GetResult();
        string address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Kubeconfig = Path.Combine(_folder, "kubeconfig");
        File.WriteAllText(
            Kubeconfig, $$$"""{"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k"} }],"clusters":[{"name":"k","cluster":{"server":"{{{address}}}"} }]}""");
    }

    /// <summary>The file by which to find it.</summary>
    public string Kubeconfig { get; }

    /// <summary>How many bytes of lists were sent.</summary>
    public long ListedBytes => Interlocked.Read(ref _listedBytes);

    /// <summary>How many of the large kinds were listed to their end since <see cref="Expire"/>.</summary>
    public int ListsAfterExpiry => Volatile.Read(ref _lists);

    /// <summary>Tells all watches that their version is too old.</summary>
    public void Expire()
    {
        Volatile.Write(ref _lists, 0);
        TaskCompletionSource expired = _expired;
        _expired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        expired.SetResult();
    }

    public void Dispose()
    {
        _expired.TrySetResult();
        _app.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    private static byte[] Machine(int i) => SampleReviews.StoredMachine(i + 20_000, $"ns-{i % Namespaces}", $"c{i / Namespaces / 4}");

    // The first stand in the namespace of the machines under review.
    private static byte[] Network(int i)
    {
        string[] roles = ["llt", "llt", "iscsi", "iscsi"], names = ["llt1", "llt2", "iscsi1", "iscsi2"];
        string name = i % 40 < 4 ? names[i % 40] : $"net{i % 40}";
        string space = i < 40 ? "erp-db" : $"ns-{i / 40}";
        return Encoding.UTF8.GetBytes($$$"""
            {"apiVersion":"k8s.cni.cncf.io/v1","kind":"NetworkAttachmentDefinition","metadata":{"name":"{{{name}}}","namespace":"{{{space}}}","uid":"nad-{{{i}}}",
            "resourceVersion":"1","labels":{"infoscale.internal/role":"{{{roles[i % 4]}}}"},"managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{"f:config":{} } } }]},
            "spec":{"config":"{\"cniVersion\":\"0.3.1\",\"name\":\"{{{name}}}-{{{space}}}\",\"type\":\"bridge\",\"bridge\":\"br-{{{name}}}\",\"vlan\":{{{(i % 4000) + 1}}},\"mtu\":9000}"} }
            """);
    }

    // A worker with two bonds, their bridges and VLANs, and the interfaces of some forty pods and machines.
    private static byte[] State(int i)
    {
        var interfaces = new List<string>();
        void Add(string name, string type, string more) => interfaces.Add(
            $$$"""
            {"name":"{{{name}}}","type":"{{{type}}}","state":"up","mtu":9000,"max-mtu":9216,"min-mtu":68,"mac-address":"52:54:00:{{{i:x2}}}:{{{interfaces.Count:x2}}}:01",
            "accept-all-mac-addresses":false,"wait-ip":"any","ethtool":{"feature":{"rx-checksum":true,"tx-generic-segmentation":true,"rx-gro":true,"tx-tcp-segmentation":true,
            "tx-checksum-ip-generic":true,"rx-vlan-hw-parse":true,"tx-vlan-hw-insert":true,"highdma":true,"tx-nocache-copy":false}},
            "ipv4":{"enabled":false},"ipv6":{"enabled":false},
            "lldp":{"enabled":false}{{{more}}}}
            """);
        foreach (string name in (string[])["ens3f0", "ens3f1", "ens4f0", "ens4f1"])
        {
            Add(name, "ethernet", ",\"ethernet\":{\"speed\":25000,\"duplex\":\"full\",\"auto-negotiation\":true}");
        }

        Add("bond1", "bond", ",\"link-aggregation\":{\"mode\":\"active-backup\",\"port\":[\"ens3f0\",\"ens4f0\"],\"options\":{\"miimon\":100}}");
        Add("bond2", "bond", ",\"link-aggregation\":{\"mode\":\"active-backup\",\"port\":[\"ens3f1\",\"ens4f1\"],\"options\":{\"miimon\":100}}");
        for (int bridge = 1; bridge <= 8; bridge++)
        {
            Add($"bond{(bridge % 2) + 1}.{bridge + 300}", "vlan", $$$""","vlan":{"base-iface":"bond{{{(bridge % 2) + 1}}}","id":{{{bridge + 300}}},"protocol":"802.1q"}""");
            Add($"br-llt{bridge}", "linux-bridge", $$$""","bridge":{"options":{"stp":{"enabled":false}},"port":[{"name":"bond{{{(bridge % 2) + 1}}}.{{{bridge + 300}}}"}]}""");
        }

        for (int port = 0; port < 40; port++)
        {
            Add($"veth{port:x8}", "veth", $$$""","controller":"br-llt{{{(port % 8) + 1}}}","veth":{"peer":"eth0"}""");
        }

        string routes = string.Join(',', Enumerable.Range(0, 60).Select(static r =>
            $$"""{"destination":"10.{{r}}.0.0/16","next-hop-interface":"br-ex","next-hop-address":"192.0.2.1","metric":48,"table-id":254}"""));
        return Encoding.UTF8.GetBytes(
            $$$"""{"apiVersion":"nmstate.io/v1beta1","kind":"NodeNetworkState","metadata":{"name":"worker-{{{i}}}","uid":"nns-{{{i}}}","resourceVersion":"1"},"status":{"currentState":{"interfaces":["""
            + string.Join(',', interfaces) + $$$"""],"routes":{"config":[],"running":[{{{routes}}}]} },"lastSuccessfulUpdateTime":"2026-11-01T00:00:00Z"} }""");
    }

    private async Task HandleAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Trim('/').Split('/');
        ClusterKind? kind = ClusterKind.All.FirstOrDefault(kind => kind.Resource == path[^1]);
        if (kind is null)
        {
            string[] served = [.. ClusterKind.All.Where(kind => path.Length > 1 && kind.Group == path[1] && _objects.ContainsKey(kind.Resource)).Select(static kind => kind.Resource)];
            context.Response.StatusCode = served.Length > 0 ? 200 : 404;
            string resources = string.Join(',', served.Select(static resource => $$"""{"name":"{{resource}}"}"""));
            await context.Response.WriteAsync($$"""{"versions":[{"version":"v1"},{"version":"v1beta1"}],"resources":[{{resources}}]}""");
        }
        else if (context.Request.Query.ContainsKey("watch"))
        {
            Task expired = _expired.Task;
            await context.Response.Body.FlushAsync();
            await expired.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await context.Response.WriteAsync("""{"type":"ERROR","object":{"kind":"Status","code":410}}""" + "\n");
        }
        else
        {
            await ListAsync(context, _objects.GetValueOrDefault(kind.Resource, []));
        }
    }

    private async Task ListAsync(HttpContext context, byte[][] objects)
    {
        int start = int.Parse(context.Request.Query["continue"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        int end = Math.Min(objects.Length, start + int.Parse(context.Request.Query["limit"]!, CultureInfo.InvariantCulture));
        await context.Response.WriteAsync("""{"items":[""");
        for (int i = start; i < end; i++)
        {
            Interlocked.Add(ref _listedBytes, objects[i].Length + 1);
            await context.Response.Body.WriteAsync(objects[i]);
            await context.Response.WriteAsync(i + 1 < end ? "," : "");
        }

        string next = end < objects.Length ? $$""","continue":"{{end}}" """ : "";
        await context.Response.WriteAsync($$$"""],"metadata":{"resourceVersion":"7"{{{next}}}} }""");
        if (end == objects.Length && objects.Length > 0)
        {
            Interlocked.Increment(ref _lists);
        }
    }
}
