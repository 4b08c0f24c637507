namespace Webhook.Rules.Nncp;

/// <summary>The simplest LLT policy, for examples about MTUs: one network card of worker-1.</summary>
internal static class ExampleCard
{
    /// <summary>The policy.</summary>
    /// <param name="attested">The attested MTU of the switch ports, or null for no attestation.</param>
    /// <param name="more">Further keys of the card, one a line.</param>
    public static string Policy(int? attested = 9216, string more = "") => $$$"""
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata:
          name: llt-worker-1
          labels: {infoscale.internal/role: llt}{{{(attested is int mtu ? $"\n  annotations: {{infoscale.internal/switch-mtu: \"{mtu}\"}}" : "")}}}
        spec:
          nodeSelector: {kubernetes.io/hostname: worker-1}
          maxUnavailable: 1
          desiredState:
            interfaces:
            - name: ens3f0
              type: ethernet
              state: up
              mtu: 9000{{{(more.Length > 0 ? "\n      " + more : "")}}}
              ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
        """;

    /// <summary>The state of the node.</summary>
    /// <param name="most">The largest MTU that the card takes.</param>
    public static string State(int most) => $$$"""
        apiVersion: nmstate.io/v1beta1
        kind: NodeNetworkState
        metadata: {name: worker-1}
        status:
          currentState:
            interfaces:
            - {name: ens3f0, type: ethernet, state: up, mtu: 1500, min-mtu: 68, max-mtu: {{{most}}}}
        """;
}
