using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-default-interface: an InfoScale policy that changes the interface of the node's default route.</summary>
public sealed class NncpDefaultInterface : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-default-interface",
        Title = "Policy changes the interface of the default route",
        Severity = Severity.Warning,
        Rationale =
            "The node reaches the API server by this interface, in OpenShift by br-ex, which must not be changed unless it was customised at " +
            "installation. A mistake takes the node away; nmstate's probe then rolls the whole policy back, the InfoScale networks in it " +
            "included. A bridge mapping to br-ex in ovn.bridge-mappings changes nothing on it and is fine.",
        Remedy = "Leave that interface to the machine configuration, and put InfoScale networks on interfaces of their own.",
        Guide = [],
        Examples =
        [
            Example.Warned("br-ex is given another port", at: "spec.desiredState.interfaces[0].name", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: mixed-worker-1
                  labels: {infoscale.internal/role: mixed}
                  annotations:
                    infoscale.internal/interface-roles: ens5f0=iscsi
                    infoscale.internal/switch-mtu: "9216"
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: br-ex
                      type: ovs-bridge
                      state: up
                      bridge: {allow-extra-patch-ports: true, port: [{name: ens1f0}, {name: br-ex}]}
                    - name: ens5f0
                      type: ethernet
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 10.60.1.21, prefix-length: 24}]}
                """),
            Example.Good("a bridge mapping to br-ex", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: lowpri-mapping
                  labels: {infoscale.internal/role: llt-lowpri}
                spec:
                  nodeSelector: {node-role.kubernetes.io/worker: ""}
                  maxUnavailable: 1
                  desiredState:
                    ovn:
                      bridge-mappings: [{localnet: public, bridge: br-ex, state: present}]
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        IReadOnlySet<string> byRoute = subject.State.DefaultRouteInterfaces;
        IReadOnlyList<NodeNetworkState> nodes = NodeStates.Of(subject, context.Cluster).Seen;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodeInterface entry in subject.State.Interfaces)
        {
            if (entry.State == NodeInterfaceState.Ignored)
            {
                continue;
            }

            if (IsDefault(entry.Name) && seen.Add(entry.Name))
            {
                yield return Touches(entry.Field["name"], entry.Name, NodeOf(entry.Name));
            }

            if (entry.State != NodeInterfaceState.Up)
            {
                continue;
            }

            foreach (LowerLink link in entry.Lower)
            {
                if (!link.IsBase && link.Name != entry.Name && IsDefault(link.Name) && seen.Add(link.Name))
                {
                    yield return Touches(link.Field, link.Name, NodeOf(link.Name));
                }
            }
        }

        bool IsDefault(string name) => name == NetworkState.MachineBridge || byRoute.Contains(name) || NodeOf(name) is not null;

        string? NodeOf(string name)
        {
            foreach (NodeNetworkState node in nodes)
            {
                if (node.IsDefaultRoute(name))
                {
                    return node.Name;
                }
            }

            return null;
        }
    }

    private Finding Touches(Field name, string what, string? node) => Report(
        FieldError.Invalid(
            name,
            what == NetworkState.MachineBridge
                ? "is the bridge of the node's default route, which must not be changed"
                : node is not null ? $"the default route of {node} leaves by it, so a mistake takes the node away"
                : "a default route of this policy leaves by it, so a mistake takes the node away"),
        "put InfoScale networks on interfaces of their own",
        what);
}
