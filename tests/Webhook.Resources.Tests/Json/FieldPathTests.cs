using Webhook.Resources.Json;

namespace Webhook.Resources.Tests.Json;

public sealed class FieldPathTests
{
    [Fact]
    public void A_path_prints_as_Kubernetes_prints_it()
    {
        FieldPath networks = FieldPath.Root.Property("spec").Property("template").Property("spec").Property("networks");
        Assert.Equal("spec.template.spec.networks[1].multus.networkName", networks.Item(1).Property("multus").Property("networkName").ToString());
        Assert.Equal("", FieldPath.Root.ToString());
    }

    [Fact]
    public void A_key_with_dots_or_slashes_stands_in_brackets()
    {
        FieldPath path = FieldPath.Root.Property("metadata").Property("labels").Property("infoscale.internal/role");
        Assert.Equal("metadata.labels[infoscale.internal/role]", path.ToString());
    }

    [Theory]
    [InlineData("a\nb", "spec[a\\nb]")]
    [InlineData("\u001b[2K", "spec[\\u001B[2K]")]
    public void A_key_with_control_characters_stays_on_its_line(string key, string expected) =>
        Assert.Equal(expected, FieldPath.Root.Property("spec").Property(key).ToString());

    [Fact]
    public void A_document_inside_a_string_goes_on_as_a_JSON_pointer()
    {
        FieldPath config = FieldPath.Root.Property("spec").Property("config").Document();
        Assert.Equal("spec.config#/plugins/0/a~1b~0c", config.Property("plugins").Item(0).Property("a/b~c").ToString());
    }
}
