using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>The names that policies make, by what they are.</summary>
internal sealed class KnownNames
{
    private readonly HashSet<string> _localnets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ovsBridges = new(StringComparer.Ordinal);
    private readonly HashSet<string> _linuxBridges = new(StringComparer.Ordinal);
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    public KnownNames(IReadOnlyList<NodeNetworkConfigurationPolicy> policies)
    {
        foreach (NodeNetworkConfigurationPolicy policy in policies)
        {
            foreach (NodeInterface entry in policy.State.Interfaces)
            {
                if (entry.IsUp && entry.Name.Length > 0 && !entry.Field["name"].IsTemplate)
                {
                    (entry.Type switch
                    {
                        NodeInterfaceType.OvsBridge => _ovsBridges,
                        NodeInterfaceType.LinuxBridge => _linuxBridges,
                        _ => _others,
                    }).Add(entry.Name);
                }
            }

            foreach (BridgeMapping mapping in policy.State.BridgeMappings())
            {
                if (!mapping.IsAbsent)
                {
                    _localnets.Add(mapping.Localnet);
                }
            }
        }
    }

    public HashSet<string> Of(TargetKind kind) => kind switch
    {
        TargetKind.Localnet => _localnets,
        TargetKind.OvsBridge => _ovsBridges,
        TargetKind.LinuxBridge => _linuxBridges,
        _ => _others,
    };
}
