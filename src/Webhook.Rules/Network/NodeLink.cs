using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>One interface of a node: its declarations and its real state.</summary>
/// <param name="name">The name.</param>
/// <param name="isOvsBridge">Whether it is the bridge of that name, and not the port.</param>
internal sealed class NodeLink(string name, bool isOvsBridge)
{
    private readonly List<(NodeNetworkConfigurationPolicy Policy, NodeInterface Entry)> _declarations = [];

    public string Name { get; } = name;

    public bool IsOvsBridge { get; } = isOvsBridge;

    public IReadOnlyList<(NodeNetworkConfigurationPolicy Policy, NodeInterface Entry)> Declarations => _declarations;

    public NodeInterface? Real { get; set; }

    public NodeInterfaceType Type
    {
        get
        {
            foreach ((_, NodeInterface entry) in _declarations)
            {
                if (entry.Type != NodeInterfaceType.NotGiven)
                {
                    return entry.Type;
                }
            }

            return Real?.Type ?? NodeInterfaceType.NotGiven;
        }
    }

    /// <summary>Whether it will not be there or not run: policies take it away or down, and none wants it up.</summary>
    public bool IsGone
    {
        get
        {
            foreach ((_, NodeInterface entry) in _declarations)
            {
                if (entry.IsUp)
                {
                    return false;
                }
            }

            return _declarations.Count > 0;
        }
    }

    /// <summary>Whether the node has it as the end of a pod's link, or as something that leads nowhere outside.</summary>
    public bool IsPodLink => _declarations.Count == 0 && (Type == NodeInterfaceType.NodeInternal || Real?.Field["type"].Text is "veth");

    /// <summary>The names of what it stands on, by every declaration and by the node.</summary>
    public IEnumerable<string> LowerNames
    {
        get
        {
            foreach ((_, NodeInterface entry) in _declarations)
            {
                foreach (LowerLink link in entry.Lower)
                {
                    yield return link.Name;
                }
            }

            foreach (LowerLink link in Real?.Lower ?? [])
            {
                yield return link.Name;
            }
        }
    }

    public void Add(NodeNetworkConfigurationPolicy policy, NodeInterface entry) => _declarations.Add((policy, entry));
}
