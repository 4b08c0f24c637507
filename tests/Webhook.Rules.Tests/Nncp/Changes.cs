namespace Webhook.Rules.Tests.Nncp;

/// <summary>Updates of a policy whose networks InfoScale VMs use.</summary>
internal static class Changes
{
    /// <summary>An LLT network on the Linux bridge <c>br</c> with a VM on it, and one on the physical network <c>net</c> with another VM.</summary>
    public const string Used =
        """
        {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}},
         spec: {config: '{"type": "bridge", "bridge": "br", "mtu": 8990}'}}
        ---
        {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt2, namespace: erp-db, labels: {infoscale.internal/role: llt}},
         spec: {config: '{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "mtu": 8990}'}}
        ---
        {apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {name: vcs-node1, namespace: erp-db, labels: {infoscale.internal/cluster: erp}},
         spec: {template: {spec: {domain: {devices: {interfaces: [{name: a}]}}, networks: [{name: a, multus: {networkName: llt1}}]}}}}
        ---
        {apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {name: vcs-node2, namespace: erp-db, labels: {infoscale.internal/cluster: erp}},
         spec: {template: {spec: {domain: {devices: {interfaces: [{name: a}]}}, networks: [{name: a, multus: {networkName: llt2}}]}}}}
        """;

    /// <summary>The same networks without VMs.</summary>
    public static readonly string Unused = string.Join("---", Used.Split("---")[..2])
        + "---\n{apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {name: other, namespace: erp-db}}";

    /// <summary>What a rule says about an update from one policy to another, in short.</summary>
    public static string Say(string rule, string old, string now, string given = Used) => Policies.Say(rule, now, Update(old, given));

    /// <summary>The context of an update.</summary>
    public static RuleContext Update(string old, string given = Used) => new()
    {
        Now = Catalog.Now,
        Operation = Operation.Update,
        Old = Catalog.Parse(old),
        Cluster = given.Length == 0 ? ClusterView.Unseen : Catalog.Given(given),
    };
}
