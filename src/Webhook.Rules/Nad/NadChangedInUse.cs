using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nad;

/// <summary>nad-changed-in-use: a network that goes, or becomes another, under the InfoScale VMs that are on it.</summary>
public sealed class NadChangedInUse : Rule<NetworkDefinition>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nad-changed-in-use",
        Title = "Network of running InfoScale VMs is changed or deleted",
        Severity = Severity.Error,
        Rationale =
            "A VM takes mtu, VLAN and bridge from its network when its pod starts, so a change reaches the members of a cluster one by one, at a " +
            "restart, a live migration or a node drain. Until all have it, links of one cluster have unlike MTUs: V-14-1-10205 \"in trouble\" " +
            "and \"active\" in turns, a joiner hangs at \"Getting snapshot\"; or they are in unlike networks, which is jeopardy, then a split " +
            "cluster. Without the definition no VM starts or migrates. A larger mtu is a warning: restart all members together.",
        Remedy = "Define a new network, and move the VMs to it while they are stopped.",
        Guide = [GuideSentence.S15, GuideSentence.S16],
        Examples =
        [
            Example.Bad("the mtu is lowered", at: "spec.config#/mtu", yaml: Localnet(9000, 301), old: Localnet(9216, 301), given: Members),
            Example.Bad("another VLAN", at: "spec.config#/vlanID", yaml: Localnet(8990, 302), old: Localnet(8990, 301), given: Members),
            Example.Warned("the mtu is raised", at: "spec.config#/mtu", yaml: Localnet(9000, 301), old: Localnet(8990, 301), given: Members),
            Example.Good("nobody uses it", yaml: Localnet(9000, 302), old: Localnet(9216, 301), given: """
                apiVersion: kubevirt.io/v1
                kind: VirtualMachine
                metadata: {name: build-7, namespace: erp-db}
                spec: {template: {spec: {domain: {devices: {interfaces: [{name: net, bridge: {}}]}}, networks: [{name: net, multus: {networkName: llt1}}]}}}
                """),
        ],
    };

    private const string Members = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: vcs-node1, namespace: erp-db, labels: {infoscale.internal/cluster: erp}}
        spec: {template: {spec: {domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}, networks: [{name: llt1, multus: {networkName: llt1}}]}}}
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: vcs-node2, namespace: erp-db, labels: {infoscale.internal/cluster: erp}}
        spec: {template: {spec: {domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}, networks: [{name: llt1, multus: {networkName: llt1}}]}}}
        """;

    /// <inheritdoc/>
    public override bool AppliesTo(Operation operation) => operation != Operation.Create;

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NetworkDefinition subject, RuleContext context)
    {
        List<Change> changes = [];
        if (context.Operation == Operation.Delete)
        {
            changes.Add(new Change(subject.Metadata["name"], "delete", "", false));
        }
        else if (context.Old is NetworkDefinition old)
        {
            Compare(old, subject, changes);
        }

        if (changes.Count == 0)
        {
            return [];
        }

        NetworkUsers users = NetworkUsers.Of(subject, context.Cluster);
        return users.Names.Count > 0 || users.Unverified is not null ? changes.ConvertAll(change => Describe(change, users, subject)) : [];
    }

    private static string Localnet(int mtu, int vlan) => $$$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
        spec:
          config: |
            {"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
             "physicalNetworkName": "physnet-llt1", "vlanID": {{{vlan}}}, "mtu": {{{mtu}}}, "netAttachDefName": "erp-db/llt1"}
        """;

    private static void Compare(NetworkDefinition old, NetworkDefinition subject, List<Change> changes)
    {
        if (old.Role is not null && subject.OptInLabel.Text != old.OptInLabel.Text)
        {
            changes.Add(new Change(subject.OptInLabel, "role", old.OptInLabel.ToString(), false));
        }

        // A definition that cannot be read is another finding.
        if (old.Link is not NetworkLink was || subject.Link is not NetworkLink link)
        {
            return;
        }

        if (was.Technology != link.Technology || (link.Technology == LinkTechnology.Unknown && was.Type.Text != link.Type.Text))
        {
            changes.Add(new Change(link.Type, "type", was.Type.ToString(), false));
        }
        else
        {
            if (was.Parent.Text != link.Parent.Text)
            {
                changes.Add(new Change(link.Parent, "parent", was.Parent.ToString(), false));
            }

            if (was.VlanId != link.VlanId)
            {
                changes.Add(new Change(link.Vlan, "vlan", was.VlanId is long id ? $"{id}" : "untagged", false));
            }
        }

        long? before = Mtu(was);
        long? after = Mtu(link);
        bool isUnreadable = link.Mtu.IsPresent && link.Mtu.Integer is null or < 0;
        if (before != after && !isUnreadable)
        {
            changes.Add(new Change(link.Mtu, "mtu", was.Mtu.ToString(), was.Mtu.Integer is not > 0 ? after >= (before ?? 0) : after > before));
        }
    }

    private static long? Mtu(NetworkLink link) =>
        link.Mtu.Integer is > 0 and long written ? written : link.MtuDefault == MtuDefault.Kernel ? NodeMtu.Standard : null;

    private Finding Describe(Change change, NetworkUsers users, NetworkDefinition subject)
    {
        bool isSeen = users.Names.Count > 0;
        string why = change.What switch
        {
            "delete" => "without it none can start or migrate",
            "mtu" when subject.Role == NetworkRole.Iscsi => "until all restart, MTUs differ and large frames are lost",
            "mtu" => "until all restart, MTUs differ: V-14-1-10205, joiners hang",
            "role" => "their links would no longer be judged as that",
            _ => "each moves at its next start, away from the others",
        };
        string who = isSeen
            ? $"{users} {(users.Names.Count == 1 ? "is" : "are")} on it; {why}"
            : $"whether VMs are on it is not known ({users.Unverified})";
        string detail = change.Was.Length > 0 ? $"was {change.Was}, and {who}" : who;
        FieldError error = change.What == "delete" && isSeen ? FieldError.Forbidden(change.Field.Path, detail)
            : change.Field.IsMissing ? FieldError.Required(change.Field.Path, detail)
            : FieldError.Invalid(change.Field, detail);
        string remedy = change.IsRaised ? "restart all members together" : "define a new network, and move VMs to it while stopped";
        return !isSeen ? CannotVerify(error, remedy, change.What)
            : change.IsRaised ? Warn(error, remedy, change.What)
            : Report(error, remedy, change.What);
    }

    // What changed, what it was, and whether it is an mtu that becomes larger.
    private readonly record struct Change(Field Field, string What, string Was, bool IsRaised);
}
