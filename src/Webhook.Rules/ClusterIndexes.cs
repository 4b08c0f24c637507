using System.Net;
using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules;

/// <summary>The indexes of a cluster view: what rules ask for by something else than kind, namespace and name.</summary>
internal sealed class ClusterIndexes
{
    /// <summary>Nothing.</summary>
    public static ClusterIndexes Empty { get; } = new();

    /// <summary>Networks by what they stand on.</summary>
    public ClusterIndex<string, NetworkDefinition> NetworksByParent { get; private init; } = new();

    /// <summary>Networks by the name that OVN-Kubernetes knows them by.</summary>
    public ClusterIndex<string, NetworkDefinition> NetworksByOvnName { get; private init; } = new();

    /// <summary>Objects of the judged kinds by their namespace.</summary>
    public ClusterIndex<string, KubernetesObject> JudgedByNamespace { get; private init; } = new();

    /// <summary>Nodes by the label that names them.</summary>
    public ClusterIndex<string, Node> NodesByHostname { get; private init; } = new();

    /// <summary>Policies by the interfaces that they have an entry for.</summary>
    public ClusterIndex<string, NodeNetworkConfigurationPolicy> PoliciesByInterface { get; private init; } = new();

    /// <summary>Policies by the physical networks that they map.</summary>
    public ClusterIndex<string, NodeNetworkConfigurationPolicy> PoliciesByLocalnet { get; private init; } = new();

    /// <summary>Policies by the addresses that they give.</summary>
    public ClusterIndex<IPAddress, NodeNetworkConfigurationPolicy> PoliciesByAddress { get; private init; } = new();

    /// <summary>Machines by the networks they attach to.</summary>
    public ClusterIndex<(string Namespace, string Name), VirtualMachine> MachinesByNetwork { get; private init; } = new();

    /// <summary>Machines by their addresses.</summary>
    public ClusterIndex<IPAddress, VirtualMachine> MachinesByAddress { get; private init; } = new();

    /// <summary>Machines by the InfoScale cluster they belong to.</summary>
    public ClusterIndex<(string Namespace, string Cluster), VirtualMachine> MachinesByCluster { get; private init; } = new();

    /// <summary>Attachments by the volume that is attached.</summary>
    public ClusterIndex<string, VolumeAttachment> AttachmentsByVolume { get; private init; } = new();

    /// <summary>The default classes; the key says whether for disk images of virtual machines.</summary>
    public ClusterIndex<bool, StorageClass> DefaultClasses { get; private init; } = new();

    /// <summary>A copy that shares everything until it is changed.</summary>
    public ClusterIndexes Open() => new()
    {
        NetworksByParent = NetworksByParent.Open(),
        NetworksByOvnName = NetworksByOvnName.Open(),
        JudgedByNamespace = JudgedByNamespace.Open(),
        NodesByHostname = NodesByHostname.Open(),
        PoliciesByInterface = PoliciesByInterface.Open(),
        PoliciesByLocalnet = PoliciesByLocalnet.Open(),
        PoliciesByAddress = PoliciesByAddress.Open(),
        MachinesByNetwork = MachinesByNetwork.Open(),
        MachinesByAddress = MachinesByAddress.Open(),
        MachinesByCluster = MachinesByCluster.Open(),
        AttachmentsByVolume = AttachmentsByVolume.Open(),
        DefaultClasses = DefaultClasses.Open(),
    };

    /// <summary>Ends the changes.</summary>
    public void Close()
    {
        NetworksByParent.Close();
        NetworksByOvnName.Close();
        JudgedByNamespace.Close();
        NodesByHostname.Close();
        PoliciesByInterface.Close();
        PoliciesByLocalnet.Close();
        PoliciesByAddress.Close();
        MachinesByNetwork.Close();
        MachinesByAddress.Close();
        MachinesByCluster.Close();
        AttachmentsByVolume.Close();
        DefaultClasses.Close();
    }

    /// <summary>The indexes of Nodes and policies alone.</summary>
    public ClusterIndexes OfNodes() => new()
    {
        NodesByHostname = NodesByHostname,
        PoliciesByInterface = PoliciesByInterface,
        PoliciesByLocalnet = PoliciesByLocalnet,
        PoliciesByAddress = PoliciesByAddress,
    };

    /// <summary>Enters or strikes an object under all its keys.</summary>
    public void Change(KubernetesObject item, bool isThere)
    {
        switch (item)
        {
            case VirtualMachine machine:
                JudgedByNamespace.Change(machine.Namespace, machine, isThere);
                ChangeMachine(machine, isThere);
                break;
            case NetworkDefinition network:
                JudgedByNamespace.Change(network.Namespace, network, isThere);
                ChangeNetwork(network, isThere);
                break;
            case NodeNetworkConfigurationPolicy policy:
                ChangePolicy(policy, isThere);
                break;
            case Node node when node.Label(NodeNetworkConfigurationPolicy.HostnameLabel).Text is string hostname:
                NodesByHostname.Change(hostname, node, isThere);
                break;
            case VolumeAttachment { PersistentVolumeName: string volume } attachment:
                AttachmentsByVolume.Change(volume, attachment, isThere);
                break;
            case StorageClass storageClass:
                ChangeClass(storageClass, isThere);
                break;
        }
    }

    private void ChangeClass(StorageClass storageClass, bool isThere)
    {
        if (storageClass.IsDefault)
        {
            DefaultClasses.Change(false, storageClass, isThere);
        }

        if (storageClass.IsVirtualizationDefault)
        {
            DefaultClasses.Change(true, storageClass, isThere);
        }
    }

    private void ChangeNetwork(NetworkDefinition network, bool isThere)
    {
        if (network.Link?.Parent.Text is string parent)
        {
            NetworksByParent.Change(parent, network, isThere);
        }

        if (network is NetworkAttachmentDefinition { OvnNetworkName: string name })
        {
            NetworksByOvnName.Change(name, network, isThere);
        }
    }

    private void ChangePolicy(NodeNetworkConfigurationPolicy policy, bool isThere)
    {
        foreach (NodeInterface entry in policy.State.Interfaces)
        {
            PoliciesByInterface.Change(entry.Name, policy, isThere);
            foreach (NodeAddress given in entry.Addresses())
            {
                if (given.Address is InterfaceAddress address)
                {
                    PoliciesByAddress.Change(address.Address, policy, isThere);
                }
            }
        }

        foreach (BridgeMapping mapping in policy.State.BridgeMappings())
        {
            PoliciesByLocalnet.Change(mapping.Localnet, policy, isThere);
        }
    }

    // The keys are read through a view of its own: what it remembers of a machine would take more memory than the machine.
    private void ChangeMachine(VirtualMachine machine, bool isThere)
    {
        // The instance of a VirtualMachine says the same as its machine.
        if (machine.Kind == ClusterKind.VirtualMachineInstance.Kind && machine.JudgedOwner is not null)
        {
            return;
        }

        var reader = new VirtualMachine(machine.Root);
        foreach (VirtualMachineNic nic in reader.Nics)
        {
            if (!nic.IsUnplugged && nic.Attachment(machine.Namespace) is { } network)
            {
                MachinesByNetwork.Change(network, machine, isThere);
                MachinesByNetwork.Change((ClusterView.AnyNamespace, network.Name), machine, isThere);
            }

            foreach (GuestAddress address in SharedPath.AddressesOf(reader, nic))
            {
                MachinesByAddress.Change(address.Value.Address, machine, isThere);
            }
        }

        if (reader.Cluster is string cluster)
        {
            MachinesByCluster.Change((machine.Namespace, cluster), machine, isThere);
        }
    }
}
