namespace Webhook.Rules.Vm;

/// <summary>The VM of the examples about storage and placement: a cluster member with two LLT links, right in everything but what the example shows.</summary>
internal static class ExampleMachine
{
    /// <summary>What keeps the members of the cluster on different nodes, indented as the VM's spec.</summary>
    private const string Apart =
        """
              affinity:
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                  - labelSelector: {matchLabels: {infoscale.internal/cluster: erp}}
                    topologyKey: kubernetes.io/hostname
        """;

    /// <summary>The definitions of its networks, which every example is given.</summary>
    public static string Networks { get; } = ExampleGuest.Definition("llt1", "llt") + "---\n" + ExampleGuest.Definition("llt2", "llt");

    /// <summary>Its networks, and other objects.</summary>
    public static string Given(string objects) => Networks + "---\n" + objects;

    /// <summary>The VM as YAML.</summary>
    /// <param name="volumes">Its volumes, as one flow list.</param>
    /// <param name="disks">Its disks, as one flow list.</param>
    /// <param name="templates">Its data volume templates, as one flow list.</param>
    /// <param name="resources">CPU and memory of its domain, as keys of a flow map.</param>
    /// <param name="labels">The labels of its template, as one flow map.</param>
    /// <param name="placement">Keys of its spec that keep members apart, indented by six blanks.</param>
    /// <param name="profile">Its instancetype or preference, as one key of the VM's own spec; empty for none.</param>
    public static string With(
        string volumes,
        string disks = "[]",
        string templates = "[]",
        string resources = "memory: {guest: 16Gi}",
        string labels = "{infoscale.internal/cluster: erp}",
        string placement = Apart,
        string profile = "") =>
        $$$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: vcs-node1
          namespace: erp-db
          labels: {infoscale.internal/cluster: erp}
          annotations:
            infoscale.internal/static-addresses: '{"llt1": ["172.30.1.11/24"], "llt2": ["172.30.2.11/24"]}'
        spec:
          runStrategy: Always{{{(profile.Length > 0 ? "\n  " + profile : "")}}}
          dataVolumeTemplates: {{{templates}}}
          template:
            metadata:
              labels: {{{labels}}}
            spec:
        {{{placement}}}
              domain: {{{{resources}}}, devices: {disks: {{{disks}}}, interfaces: [{{{ExampleGuest.Llt1Interface}}}, {{{ExampleGuest.Llt2Interface}}}]}}
              networks: [{name: llt1, multus: {networkName: llt1}}, {name: llt2, multus: {networkName: llt2}}]
              volumes: {{{volumes}}}
        """;
}
