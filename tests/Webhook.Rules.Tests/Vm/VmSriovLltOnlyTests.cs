using Webhook.Resources;

namespace Webhook.Rules.Tests.Vm;

public sealed class VmSriovLltOnlyTests
{
    [Theory]
    [InlineData("a=sriov b=sriov", "a=llt,b=llt", "a, b: all LLT NICs are SR-IOV, which a live migration unplugs for its whole duration")]
    [InlineData("a=sriov", "a=llt", "a: all LLT NICs are SR-IOV, which a live migration unplugs for its whole duration")]
    [InlineData("a=sriov b=bridge", "a=llt,b=llt", "")]
    [InlineData("a=sriov b=bridge", "a=llt,b=llt-lowpri", "a: all LLT NICs are SR-IOV, which a live migration unplugs for its whole duration")]
    [InlineData("a=sriov b=bridge", "a=llt,b=iscsi", "a: all LLT NICs are SR-IOV, which a live migration unplugs for its whole duration")]
    [InlineData("a=sriov b=bridge", "a=llt", "a: all NICs known to be LLT are SR-IOV, which a live migration unplugs for its whole duration")]
    [InlineData("a=sriov b=sriov", "a=llt", "a: all LLT NICs are SR-IOV, which a live migration unplugs for its whole duration")]
    [InlineData("a=sriov b=sriov", "a=iscsi,b=iscsi", "")]
    [InlineData("a=sriov b=sriov", "", "")]
    [InlineData("a=bridge b=bridge", "a=llt,b=llt", "")]
    [InlineData("a=sriov b=sriov c=sriov d=sriov e=sriov f=sriov", "a=llt,b=llt,c=llt,d=llt,e=llt,f=llt", "a, b, c, d and 2 more: all LLT NICs are SR-IOV, which a live migration unplugs for its whole duration")]
    public void It_fires_where_no_LLT_link_stays_through_a_migration(string nics, string roles, string found)
    {
        IReadOnlyList<Finding> findings = Catalog.Findings("vm-sriov-llt-only", Machine(nics, roles));
        Assert.Equal(found, findings.Count == 0 ? "" : Assert.Single(findings).Error.ToString()["Invalid value: ".Length..]);
        Assert.All(findings, finding => Assert.Equal(found.Contains("known", StringComparison.Ordinal), finding.Unverified));
    }

    [Fact]
    public void An_assumed_role_is_named()
    {
        var context = new RuleContext { Now = Catalog.Now, AssumedRole = NetworkRole.Llt };
        Finding finding = Assert.Single(Catalog.Findings("vm-sriov-llt-only", Machine("a=sriov", ""), context));
        Assert.Contains("all LLT NICs (role llt assumed) are SR-IOV", finding.Message, StringComparison.Ordinal);
        Assert.Empty(Catalog.Findings("vm-sriov-llt-only", Machine("a=sriov", ""), context with { AssumedRole = NetworkRole.Iscsi }));
    }

    private static string Machine(string nics, string roles)
    {
        (string Name, string Binding)[] list = [.. nics.Split(' ').Select(static nic => (nic[..nic.IndexOf('=', StringComparison.Ordinal)], nic[(nic.IndexOf('=', StringComparison.Ordinal) + 1)..]))];
        string interfaces = string.Join(", ", list.Select(static nic => $"{{name: {nic.Name}, {nic.Binding}: {{}}}}"));
        string networks = string.Join(", ", list.Select(static nic => $"{{name: {nic.Name}, multus: {{networkName: {nic.Name}}}}}"));
        return $"apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {{name: a, namespace: b, labels: {{infoscale.internal/cluster: erp}}, annotations: {{infoscale.internal/nic-roles: \"{roles}\"}}}}\n" +
            $"spec: {{template: {{spec: {{domain: {{devices: {{interfaces: [{interfaces}]}}}}, networks: [{networks}]}}}}}}\n";
    }
}
