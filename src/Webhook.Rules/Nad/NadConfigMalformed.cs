using System.Globalization;
using Webhook.Resources;
using Webhook.Resources.Editing;
using Webhook.Resources.Json;

namespace Webhook.Rules.Nad;

/// <summary>nad-config-malformed: a network definition that no plugin can read, which shows only when a VM starts.</summary>
public sealed class NadConfigMalformed : Rule<NetworkDefinition>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nad-config-malformed",
        Title = "Network configuration cannot be read",
        Severity = Severity.Error,
        Rationale =
            "The API server takes any string for spec.config. That it is no JSON, names no plugin or holds a value of the wrong type shows only " +
            "when a virt-launcher pod starts: \"failed to unmarshal Spec.Config\" in its events, and the VM stays in Scheduling. A trailing comma " +
            "is the usual cause; an mtu in quotes and a netAttachDefName copied from another network are the next. Without spec.config multus " +
            "reads a file on the node, which nobody can check here.",
        Remedy =
            "Write spec.config as one JSON object with a type, or with a list of plugins that each have one. Numbers stand without quotes, and " +
            "netAttachDefName is the definition's own namespace/name.",
        Guide = [GuideSentence.S14],
        Fix = FixAvailability.Safe,
        Examples =
        [
            Example.Bad("a trailing comma", at: "spec.config", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {
                      "cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1",
                      "mtu": 8990,
                    }
                """),
            Example.Bad("the mtu is a string", at: "spec.config#/mtu", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": "9000"}
                """).FixedBy("\"9000\"", "9000"),
            Example.Bad("netAttachDefName of another network", at: "spec.config#/netAttachDefName", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt2, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt2", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
                     "physicalNetworkName": "physnet-llt2", "mtu": 8990, "netAttachDefName": "erp-db/llt1"}
                """).FixedBy("erp-db/llt1", "erp-db/llt2"),
            Example.Warned("no configuration in the object", at: "spec.config", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec: {}
                """),
            Example.Bad("the section of the topology is missing", at: "spec.network.localnet", yaml: """
                apiVersion: k8s.ovn.org/v1
                kind: ClusterUserDefinedNetwork
                metadata: {name: llt1, labels: {infoscale.internal/role: llt}}
                spec:
                  namespaceSelector: {matchLabels: {infoscale: "yes"}}
                  network: {topology: Localnet}
                """),
            Example.Good("a chain of plugins", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "plugins": [
                      {"type": "cnv-bridge", "bridge": "br-llt1", "mtu": 9000}, {"type": "cnv-tuning"}]}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NetworkDefinition subject, RuleContext context)
    {
        if (!subject.IsOptedIn && context.AssumedRole is null)
        {
            return [];
        }

        return subject switch
        {
            NetworkAttachmentDefinition attachment => CheckConfiguration(attachment),
            UserDefinedNetwork network => CheckNetwork(network),
            _ => [],
        };
    }

    private IEnumerable<Finding> CheckConfiguration(NetworkAttachmentDefinition attachment)
    {
        CniConfiguration configuration = attachment.Configuration;
        Field source = configuration.Source;
        if (configuration.IsOnNode)
        {
            yield return CannotVerify(
                FieldError.Required(source.Path, "without it a file on the node counts, and that was not seen"),
                "write the configuration into the object");
        }
        else if (!source.IsString)
        {
            yield return Report(FieldError.WrongType(source, "must be a string that holds JSON"), "write the configuration as a block of text");
        }
        else if (configuration.Error is DocumentError error)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"line {error.Position.Line}, column {error.Position.Column}");
            yield return Report(
                FieldError.Invalid(source.Path, Size(source), $"no JSON at {place} of the string: {error.Reason}"),
                "mend the JSON; multus refuses to start pods on this network") with { Evidence = source.Text! };
        }
        else if (!configuration.Root.IsMap)
        {
            yield return Report(
                FieldError.WrongType(configuration.Root, "must be a JSON object"), "write one object with a type, or with a list of plugins");
        }
        else
        {
            foreach (Finding finding in CheckPlugins(attachment, configuration))
            {
                yield return finding;
            }
        }
    }

    private IEnumerable<Finding> CheckPlugins(NetworkAttachmentDefinition attachment, CniConfiguration configuration)
    {
        Field plugins = configuration.Root.Find("plugins");
        if (configuration.IsChain && plugins.Count == 0)
        {
            yield return Report(
                plugins.IsList ? FieldError.Invalid(plugins, "must hold a plugin at least") : FieldError.WrongType(plugins, "must be a list of plugins"),
                "list the plugins, the one that makes the link first");
            yield break;
        }

        if (configuration.IsChain)
        {
            foreach (Field item in plugins.Items())
            {
                if (!item.IsMap)
                {
                    yield return Report(FieldError.WrongType(item, "must be a JSON object with a type"), "write each plugin as an object");
                }
            }
        }

        foreach (CniPlugin plugin in configuration.Plugins)
        {
            if (!plugin.Type.IsString || plugin.Type.Text is "")
            {
                yield return Report(
                    plugin.Type.IsMissing || plugin.Type.IsString
                        ? FieldError.Required(plugin.Type.Path, "names the plugin's program, so without it no pod starts on this network")
                        : FieldError.WrongType(plugin.Type, "must be the name of the plugin's program"),
                    "name the plugin, for example \"bridge\" or \"ovn-k8s-cni-overlay\"");
                continue;
            }

            foreach (Finding finding in CheckPlugin(attachment, plugin))
            {
                yield return finding;
            }
        }
    }

    private IEnumerable<Finding> CheckPlugin(NetworkAttachmentDefinition attachment, CniPlugin plugin)
    {
        string type = plugin.Type.Text!;
        if (plugin.Mtu is { IsPresent: true } mtu && mtu.Integer is null or < 0)
        {
            string remedy = $"write {MtuWithoutQuotes(mtu)}";
            yield return plugin.ReadsMtuAsInteger
                ? Report(FieldError.WrongType(mtu, $"{type} reads a positive integer and fails on anything else"), remedy) with { Mend = () => WithoutQuotes(mtu) }
                : CannotVerify(FieldError.WrongType(mtu, $"plugin {type} is not known here, the others read a positive integer"), remedy);
        }

        Field ipam = plugin.Ipam;
        if (ipam.IsPresent && !ipam.IsMap)
        {
            yield return Report(FieldError.WrongType(ipam, "must be a JSON object"), "remove ipam, the guests set their own addresses");
        }
        else if (ipam.Find("type") is { IsPresent: true, IsString: false } ipamType)
        {
            yield return Report(FieldError.WrongType(ipamType, "must be the name of a program"), "remove ipam, the guests set their own addresses");
        }

        if (plugin.IsOvnKubernetes && plugin.Root.Find("subnets") is { IsPresent: true, IsString: false } subnets)
        {
            yield return Report(
                FieldError.WrongType(subnets, "OVN-Kubernetes reads one string with commas"), "remove subnets, the guests set their own addresses");
        }

        if (plugin.IsOvnKubernetes && plugin.Topology is { IsPresent: true, Text: not "" } && attachment.Metadata["name"].Text is string name)
        {
            Field own = plugin.Root.Find("netAttachDefName");
            string expected = attachment.Namespace.Length > 0 ? $"{attachment.Namespace}/{name}" : $"<namespace>/{name}";
            if (own.IsMissing || own.Text is "")
            {
                yield return Report(
                    FieldError.Required(own.Path, $"OVN-Kubernetes ignores a definition that does not name itself"),
                    $"set it to \"{expected}\"") with { Mend = () => OwnName(attachment, own, expected) };
            }
            else if (!Names(own.Text, attachment.Namespace, name))
            {
                yield return Report(
                    FieldError.Invalid(own, $"must be this definition's own \"{expected}\", OVN-Kubernetes ignores it otherwise"),
                    $"set it to \"{expected}\"") with { Mend = () => OwnName(attachment, own, expected) };
            }
        }
    }

    private IEnumerable<Finding> CheckNetwork(UserDefinedNetwork network)
    {
        Field topology = network.Topology;
        if (topology.IsMissing)
        {
            yield return Report(
                FieldError.Required(topology.Path, "says which section defines the network"),
                network.IsClusterScoped ? "set Localnet for a network that an NNCP configures" : "set Layer2 or Layer3");
        }
        else if (network.Section.Name is not string section)
        {
            yield return Report(
                FieldError.NotSupported(topology, network.IsClusterScoped ? "must be Localnet, Layer2 or Layer3" : "must be Layer2 or Layer3"),
                network.IsClusterScoped ? "set Localnet for a network that an NNCP configures" : "use a ClusterUserDefinedNetwork for Localnet");
        }
        else if (!network.Section.IsMap)
        {
            yield return Report(
                network.Section.IsMissing
                    ? FieldError.Required(network.Section.Path, $"topology {topology.Text} is defined there")
                    : FieldError.WrongType(network.Section, "must be a map"),
                $"define the network under {section}");
        }
        else if (network.Section["mtu"] is { IsPresent: true } mtu && mtu.Integer is null or < 0)
        {
            yield return Report(FieldError.WrongType(mtu, "must be a positive integer"), $"write {MtuWithoutQuotes(mtu)}") with { Mend = () => WithoutQuotes(mtu) };
        }
    }

    // The namespace may be left to kubectl; then only the name can be compared, and the API server's copy is judged whole.
    private static bool Names(string? reference, string @namespace, string name) =>
        reference?.IndexOf('/', StringComparison.Ordinal) is int slash and > 0
        && reference.AsSpan(slash + 1).SequenceEqual(name)
        && (@namespace.Length == 0 || reference.AsSpan(0, slash).SequenceEqual(@namespace));

    private static string MtuWithoutQuotes(Field mtu) =>
        Quoted(mtu) is int bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes} without quotes") : "the MTU as a number of bytes";

    private static Fix? WithoutQuotes(Field mtu) => Quoted(mtu) is int bytes ? Fix.SetMtu(mtu, bytes, "the number without quotes") : null;

    private static int? Quoted(Field mtu) =>
        int.TryParse(mtu.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) && bytes > 0 ? bytes : null;

    // A name that is left out asks for nothing; one of another network may be the part that is meant. Without a namespace only kubectl knows it.
    private static Fix? OwnName(NetworkAttachmentDefinition attachment, Field own, string expected) => attachment.Namespace.Length == 0 ? null : new Fix
    {
        Title = $"set netAttachDefName to \"{expected}\", the definition's own name",
        Applicability = own.IsMissing ? FixAvailability.Safe : FixAvailability.Unsafe,
        Changes = [FieldChange.Set(own.Path, expected)],
    };

    // The string itself may be long, and its place says more.
    private static string Size(Field source) => string.Create(CultureInfo.InvariantCulture, $"a string of {source.Text!.Length} characters");
}
