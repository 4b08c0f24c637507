namespace Webhook.Rules.Tests.Vm;

public sealed class VmSingleIscsiPathTests
{
    private const string Rule = "vm-single-iscsi-path";

    [Theory]
    [InlineData("llt1=llt,llt2=llt,san0=iscsi", "Warning iscsi paths")]
    [InlineData("llt1=llt,san0=iscsi", "")]
    [InlineData("llt1=llt,llt2=iscsi,san0=iscsi", "")]
    [InlineData("llt1=llt,llt2=llt,san0=none", "")]
    public void One_path_is_told(string roles, string expected) => Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(roles: roles)));

    [Theory]
    [InlineData("10.60.1.12/24", "172.30.1.11/24", "")]
    [InlineData("10.60.1.12/24", "10.60.1.13/24", "Warning san0")]
    [InlineData("10.60.2.12/24", "10.60.2.13/24", "")]
    public void Paths_in_one_subnet_are_one_unless_another_is_apart(string second, string third, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(
            $"a: {{match: {{macaddress: '02:50:00:0e:01:11'}}, addresses: [10.60.1.11/24]}}, b: {{match: {{macaddress: '02:50:00:0e:02:11'}}, addresses: [{second}]}}, c: {{match: {{macaddress: '02:50:00:0e:03:11'}}, addresses: [{third}]}}",
            "llt1=iscsi,llt2=iscsi,san0=iscsi")));
}
