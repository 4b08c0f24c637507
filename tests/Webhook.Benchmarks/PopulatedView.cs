using System.Globalization;
using System.Text;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Benchmarks;

/// <summary>
/// A large cluster: 10,000 virtual machines in clusters of four, 2,000 networks, 200 nodes with policy and state. What it costs to build and to
/// keep, and what a review against it costs beside one against a cluster that holds nothing.
/// </summary>
internal static class PopulatedView
{
    private const int Machines = 10_000;
    private const int Nodes = 200;
    private const int Namespaces = 500;

    /// <summary>Where the networks of the machine under review are.</summary>
    private const string OwnNamespace = "erp-db";

    private static readonly string[] Networks = ["llt1", "llt2", "iscsi1", "iscsi2"];

    /// <summary>Every kind seen, and nothing in it.</summary>
    public static ClusterObjects Nothing { get; } =
        ClusterKind.All.Aggregate(ClusterObjects.Empty, static (view, kind) => view.Replace(kind, []));

    /// <summary>Prints the figures.</summary>
    public static int Run()
    {
        Source source = new();
        Fill(source with { MachineCount = 100 });
        long before = Resident();
        Field[] machines = [.. Enumerable.Range(0, Machines).Select(number => Field.Parse(source.Machine(number)))];
        ClusterObjects view = Fill(source with { MachineCount = 0 });
        TimeSpan start = Spent;
        view = view.Replace(ClusterKind.VirtualMachine, machines);
        Console.WriteLine(FormattableString.Invariant($"{Machines} machines entered: {(Spent - start).TotalSeconds:F2} s of processor time"));
        machines = [];
        Console.WriteLine(FormattableString.Invariant(
            $"with {Namespaces * Networks.Length} networks, {Nodes} nodes, their policies and states: {(Resident() - before) >> 20} MiB of managed memory"));

        Field changed = Field.Parse(source.Machine(17, generation: 9));
        start = Spent;
        const int Changes = 2000;
        ClusterObjects next = view;
        for (int i = 0; i < Changes; i++)
        {
            next = i % 2 == 0 ? next.With(changed) : next.Without(ClusterKind.VirtualMachine, "team-17", "vcs-node17");
        }

        Console.WriteLine(FormattableString.Invariant($"one change of a machine: {(Spent - start).TotalMicroseconds / Changes:F0} us"));
        foreach (string kind in (ReadOnlySpan<string>)["VirtualMachine", "NetworkAttachmentDefinition", "NodeNetworkConfigurationPolicy"])
        {
            var review = new Review(kind);
            double[] costs = Median(review, ClusterObjects.Empty, Nothing, view);
            Console.WriteLine(FormattableString.Invariant(
                $"{kind}, {review.Judge(view).Findings.Length} findings: unseen {costs[0]:F0} us, empty {costs[1]:F0} us, populated {costs[2]:F0} us, {costs[2] / costs[1]:F2} times the empty one"));
        }

        GC.KeepAlive(view);
        Console.WriteLine(FormattableString.Invariant($"after the reviews: {(Resident() - before) >> 20} MiB of managed memory"));
        return 0;
    }

    // Not the time of the day: on a machine with other work that says nothing.
    private static TimeSpan Spent => Environment.CpuUsage.TotalTime;

    // Interleaved, so that what the machine does meanwhile hits all alike.
    private static double[] Median(Review review, params ClusterObjects[] views)
    {
        const int Rounds = 15, Reviews = 300;
        List<double>[] costs = [.. views.Select(static _ => new List<double>())];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < views.Length; i++)
            {
                TimeSpan start = Spent;
                for (int n = 0; n < Reviews; n++)
                {
                    review.Judge(views[i]);
                }

                costs[i].Add((Spent - start).TotalMicroseconds / Reviews);
            }
        }

        return [.. costs.Select(static list => list.Order().ElementAt(Rounds / 2))];
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static ClusterObjects Fill(Source source) => Nothing
        .Replace(ClusterKind.Node, Enumerable.Range(0, Nodes).Select(Source.Node))
        .Replace(ClusterKind.NodeNetworkConfigurationPolicy, Enumerable.Range(0, Nodes).Select(Source.Policy))
        .Replace(ClusterKind.NodeNetworkState, Enumerable.Range(0, Nodes).Select(Source.State))
        .Replace(ClusterKind.NetworkAttachmentDefinition, Source.Definitions())
        .Replace(ClusterKind.Namespace, Enumerable.Range(0, Namespaces).Select(Source.Namespace))
        .Replace(ClusterKind.StorageClass, [Source.Class()])
        .Replace(ClusterKind.VirtualMachine, Enumerable.Range(0, source.MachineCount).Select(number => Field.Parse(source.Machine(number))));

    /// <summary>One review that can be judged again and again, each time from views of its own.</summary>
    private sealed class Review(string kind)
    {
        private readonly Field _request = Field.Parse(kind switch
        {
            "VirtualMachine" => SampleReviews.VirtualMachineUpdate(60_000),
            "NetworkAttachmentDefinition" => SampleReviews.NetworkAttachmentDefinitionCreate(1),
            _ => SampleReviews.NodeNetworkConfigurationPolicyCreate(1),
        })["request"];

        private readonly DateTimeOffset _now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

        public Judgement Judge(ClusterView view)
        {
            KubernetesObject subject = ResourceKinds.View(_request["object"].At(FieldPath.Root))!;
            KubernetesObject? old = ResourceKinds.View(_request["oldObject"].At(FieldPath.Root));
            return Enforcement.Judge.Evaluate(
                subject,
                new RuleContext { Now = _now, Operation = old is null ? Operation.Create : Operation.Update, Old = old, Cluster = view },
                EnforcementSettings.Default);
        }
    }

    /// <summary>The objects as text, as the cache keeps them: without managed fields, user data and most of the status.</summary>
    private sealed record Source
    {
        private readonly string _machine = SampleReviews.StoredMachine();

        public int MachineCount { get; init; } = Machines;

        public string Machine(int number) => Machine(number, generation: 8);

        public string Machine(int number, int generation) => _machine
            .Replace("NUMBER", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("GENERATION", generation.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("NAMESPACE", NamespaceOf(number % Namespaces), StringComparison.Ordinal)
            .Replace("CLUSTER", number < Namespaces * 4 ? "erp" : $"c{number / Namespaces / 4}", StringComparison.Ordinal)
            .Replace("MAC", $"{number / 250 % 250:x2}:{number % 250:x2}", StringComparison.Ordinal)
            .Replace("HOST", $"{number / 250 % 250}.{(number % 250) + 1}", StringComparison.Ordinal);

        private static string NamespaceOf(int number) => number == 0 ? OwnNamespace : $"team-{number}";

        public static IEnumerable<Field> Definitions()
        {
            for (int space = 0; space < Namespaces; space++)
            {
                foreach (string network in Networks)
                {
                    yield return Yaml(
                        $$"""
                        apiVersion: k8s.cni.cncf.io/v1
                        kind: NetworkAttachmentDefinition
                        metadata: {name: {{network}}, namespace: {{NamespaceOf(space)}}, labels: {infoscale.internal/role: {{network[..^1]}} } }
                        spec:
                          config: '{"cniVersion": "0.3.1", "name": "{{network}}-{{space}}", "type": "bridge", "bridge": "br-{{network}}", "vlan": {{space + 1}}, "mtu": 8990}'
                        """);
                }
            }
        }

        public static Field Node(int number) => Yaml(
            $$"""
            apiVersion: v1
            kind: Node
            metadata:
              name: worker-{{number}}
              labels: {kubernetes.io/hostname: worker-{{number}}, kubernetes.io/os: linux, topology.kubernetes.io/zone: z{{number % 3}} }
            """);

        public static Field Namespace(int number) => Yaml(
            $$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{NamespaceOf(number)}}, labels: {team: t{{number}} } }
            """);

        public static Field Class() => Yaml(
            """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: iscsi, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
            provisioner: csi.hpe.com
            """);

        public static Field Policy(int number) => Yaml(
            $$"""
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata: {name: infoscale-worker-{{number}}, labels: {infoscale.internal/role: mixed}, annotations: {infoscale.internal/switch-mtu: "9216"} }
            spec:
              nodeSelector: {kubernetes.io/hostname: worker-{{number}} }
              desiredState:
                interfaces:
            {{Interfaces(number, "")}}
            """);

        // Beside the role networks what each pod adds: nmstate reports them all.
        public static Field State(int number) => Yaml(
            $$"""
            apiVersion: nmstate.io/v1beta1
            kind: NodeNetworkState
            metadata: {name: worker-{{number}} }
            status:
              lastSuccessfulUpdateTime: "2026-06-15T11:59:00Z"
              currentState:
                routes: {running: [{destination: 0.0.0.0/0, next-hop-interface: br-ex, next-hop-address: 10.0.0.1}]}
                interfaces:
            {{Interfaces(number, ", max-mtu: 9702, min-mtu: 68, lldp: {enabled: true, neighbors: []}")}}
            {{string.Join('\n', Enumerable.Range(1, 60).Select(Pod))}}
            """);

        private static string Pod(int number) =>
            $$"""    - {name: veth{{number}}, type: veth, state: ignore, mtu: 1400, ipv4: {enabled: false}, ipv6: {enabled: true, address: [{ip: "fe80::{{number:x}}", prefix-length: 64}]}, veth: {peer: eth0} }""";

        private static string Interfaces(int node, string real)
        {
            var text = new StringBuilder();
            for (int i = 0; i < Networks.Length; i++)
            {
                string network = Networks[i], host = string.Create(CultureInfo.InvariantCulture, $"10.{100 + i}.{node / 250}.{(node % 250) + 1}");
                text.AppendLine(CultureInfo.InvariantCulture, $$"""    - {name: ens{{i}}f0, type: ethernet, state: up, mtu: 9000, {{None}}{{real}} }""")
                    .AppendLine(CultureInfo.InvariantCulture, $$"""    - {name: ens{{i}}f1, type: ethernet, state: up, mtu: 9000, {{None}}{{real}} }""")
                    .AppendLine(CultureInfo.InvariantCulture, $$"""    - {name: bond-{{network}}, type: bond, state: up, mtu: 9000, link-aggregation: {mode: active-backup, port: [ens{{i}}f0, ens{{i}}f1]}, {{None}}{{real}} }""")
                    .AppendLine(CultureInfo.InvariantCulture, $$"""    - {name: br-{{network}}, type: linux-bridge, state: up, mtu: 9000, bridge: {port: [{name: bond-{{network}} }]}, ipv4: {enabled: true, dhcp: false, address: [{ip: {{host}}, prefix-length: 16}]}, ipv6: {enabled: false}{{real}} }""");
            }

            return text.ToString().TrimEnd();
        }

        private const string None = "ipv4: {enabled: false}, ipv6: {enabled: false}";

        private static Field Yaml(string yaml) => ManifestReader.Read(yaml).Single().Root;
    }
}
