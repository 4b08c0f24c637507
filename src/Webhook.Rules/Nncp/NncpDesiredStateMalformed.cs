using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-desired-state-malformed: a desired state that nmstate cannot read, which the API server does not notice.</summary>
public sealed class NncpDesiredStateMalformed : Rule<NodeNetworkConfigurationPolicy>
{
    private static readonly string[] Sections =
        ["link-aggregation", "bond", "bridge", "vlan", "vxlan", "mac-vlan", "mac-vtap", "ipvlan", "infiniband", "macsec", "vrf"];

    private static readonly string[] Words = ["type", "state"];

    private static readonly string[] Switches = ["enabled", "dhcp", "autoconf"];

    private static readonly string[] PortLists = ["port", "ports", "slaves"];

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-desired-state-malformed",
        Title = "Desired state cannot be read",
        Severity = Severity.Error,
        Rationale =
            "The API server takes any desiredState; what nmstate cannot read fails on the node only, as a Degraded policy whose enactment " +
            "says FailedToConfigure, or it is rolled back without a word. A value that cannot be read cannot be judged either. nmstate takes " +
            "numbers and booleans as strings too, and capture templates anywhere; those are no finding.",
        Remedy = "Write the value as nmstate documents it.",
        Guide = [],
        Examples =
        [
            Example.Bad("the prefix length stands in the address", at: "spec.desiredState.interfaces[0].ipv4.address[0].ip", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: iscsi-worker-1
                  labels: {infoscale.internal/role: iscsi}
                  annotations: {infoscale.internal/switch-mtu: "9216"}
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: ens5f0
                      type: ethernet
                      state: up
                      mtu: 9000
                      ipv4:
                        enabled: true
                        dhcp: false
                        address:
                        - {ip: 10.60.1.21/24, prefix-length: 24}
                """),
            Example.Bad("a role for an interface that is not there", at: "metadata.annotations[infoscale.internal/interface-roles]", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: mixed-worker-1
                  labels: {infoscale.internal/role: mixed}
                  annotations:
                    infoscale.internal/interface-roles: br-iscsi1=iscsi
                    infoscale.internal/switch-mtu: "9216"
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - {name: ens5f0, type: ethernet, state: up, mtu: 9000}
                """),
            Example.Good("numbers and booleans as strings", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: iscsi-worker-1
                  labels: {infoscale.internal/role: iscsi}
                  annotations: {infoscale.internal/switch-mtu: "9216"}
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: ens5f0
                      type: ethernet
                      state: up
                      mtu: "9000"
                      ipv4: {enabled: "yes", dhcp: "false", address: [{ip: 10.60.1.21, prefix-length: "24"}]}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        foreach (Finding finding in OfRoles(subject))
        {
            yield return finding;
        }

        if (IsNeither(subject.DesiredState, subject.DesiredState.IsMap))
        {
            yield return Report(FieldError.WrongType(subject.DesiredState, "must be a map"), "write the state as nmstate documents it");
        }

        Field list = subject.State.InterfaceList;
        if (IsNeither(list, list.IsList))
        {
            yield return Report(FieldError.WrongType(list, "must be a list of interfaces"), "give each interface as an item with name and type");
        }

        foreach (Field item in list.Items())
        {
            if (item.IsMap)
            {
                foreach (Finding finding in OfInterface(new NodeInterface(item)))
                {
                    yield return finding;
                }
            }
            else if (!item.IsTemplate)
            {
                yield return Report(FieldError.WrongType(item, "must be a map with name, type and state"), "write the interface as a map");
            }
        }
    }

    private IEnumerable<Finding> OfRoles(NodeNetworkConfigurationPolicy policy)
    {
        if (policy.NamedInterfaceRoles.Count == 0 || policy.State.NamesAreTemplates)
        {
            yield break;
        }

        IReadOnlySet<string> names = policy.State.AllNames();
        foreach (string name in policy.NamedInterfaceRoles.Keys)
        {
            if (name.Length > 0 && !names.Contains(name))
            {
                yield return Report(
                    FieldError.NotFound(policy.InterfaceRolesAnnotation, $"no interface of this policy is called {Field.Quote(name)}"),
                    "name an interface of desiredState",
                    name) with { Evidence = name };
            }
        }
    }

    private IEnumerable<Finding> OfInterface(NodeInterface entry)
    {
        Field name = entry.Field["name"];
        if (entry.Name.Length == 0 && entry.Field["identifier"].IsMissing)
        {
            yield return name.IsMissing
                ? Report(FieldError.Required(name.Path, "nmstate finds the interface by its name"), "name the interface")
                : Report(FieldError.WrongType(name, "must be the name of an interface"), "name the interface");
        }

        foreach (string key in Words)
        {
            if (IsNeither(entry.Field[key], entry.Field[key].IsString))
            {
                yield return Report(FieldError.WrongType(entry.Field[key], "must be a word"), "write it as nmstate documents it", $"{entry.Name} {key}");
            }
        }

        if (entry.State is NodeInterfaceState.Absent or NodeInterfaceState.Ignored)
        {
            yield break;
        }

        if (IsNeither(entry.Mtu, NmstateScalar.Integer(entry.Mtu) is > 0))
        {
            yield return Report(FieldError.Invalid(entry.Mtu, "must be a whole number of bytes above 0"), "write mtu: 9000", $"{entry.Name} mtu");
        }

        foreach (string key in Sections)
        {
            Field section = entry.Field[key];
            if (IsNeither(section, section.IsMap))
            {
                yield return Report(FieldError.WrongType(section, "must be a map"), "write it as nmstate documents it", $"{entry.Name} {key}");
            }

            foreach (string list in key is "bridge" or "bond" or "link-aggregation" or "vrf" ? PortLists : [])
            {
                if (IsNeither(section[list], section[list].IsList))
                {
                    yield return Report(FieldError.WrongType(section[list], "must be a list"), "give each port as an item", $"{entry.Name} {key}.{list}");
                }
            }
        }

        foreach (Finding finding in OfFamily(entry, entry.Ipv4).Concat(OfFamily(entry, entry.Ipv6)))
        {
            yield return finding;
        }
    }

    private IEnumerable<Finding> OfFamily(NodeInterface entry, IpSettings family)
    {
        string subject = $"{entry.Name} {(family.IsIpv6 ? "ipv6" : "ipv4")}";
        if (IsNeither(family.Field, family.Field.IsMap))
        {
            yield return Report(FieldError.WrongType(family.Field, "must be a map with enabled, dhcp and address"), "write it as a map", subject);
        }

        if (family.IsOff)
        {
            yield break;
        }

        foreach (string name in Switches)
        {
            Field key = family.Field[name];
            if (!family.IsIpv6 && name == "autoconf" && key.IsPresent)
            {
                yield return Report(FieldError.Forbidden(key.Path, "autoconf is known under ipv6 only"), "remove it", $"{subject}.autoconf");
            }
            else if (IsNeither(key, NmstateScalar.Boolean(key) is not null))
            {
                yield return Report(FieldError.Invalid(key, "must be true or false"), "write true or false", $"{subject}.{name}");
            }
        }

        if (IsNeither(family.Address, family.Address.IsList))
        {
            yield return Report(FieldError.WrongType(family.Address, "must be a list of ip and prefix-length"), "write a list", $"{subject}.address");
        }

        foreach (NodeAddress address in family.Addresses())
        {
            if (!address.Field.IsTemplate && OfAddress(address, family.IsIpv6) is FieldError error)
            {
                yield return Report(error, "write ip: 172.30.1.21 and prefix-length: 24 in its family", $"{subject} {address.Ip}");
            }
        }
    }

    private static FieldError? OfAddress(NodeAddress address, bool isIpv6)
    {
        string family = isIpv6 ? "IPv6" : "IPv4";
        if (!address.Field.IsMap)
        {
            return FieldError.WrongType(address.Field, "must be a map of ip and prefix-length");
        }

        if (!address.Ip.IsTemplate)
        {
            if (address.Ip.IsMissing)
            {
                return FieldError.Required(address.Ip.Path, $"an {family} address");
            }

            if (address.Address is not { } ip || ip.IsIPv6 != isIpv6)
            {
                return FieldError.Invalid(address.Ip, $"must be an {family} address without prefix length");
            }
        }

        int longest = isIpv6 ? 128 : 32;
        return address.PrefixLength.IsTemplate ? null
            : address.PrefixLength.IsMissing ? FieldError.Required(address.PrefixLength.Path, $"0 to {longest}")
            : NmstateScalar.Integer(address.PrefixLength) is long length && length <= longest ? null
            : FieldError.Invalid(address.PrefixLength, $"must be a whole number from 0 to {longest}");
    }

    private static bool IsNeither(Field field, bool isRight) => field.IsPresent && !isRight && !field.IsTemplate;
}
