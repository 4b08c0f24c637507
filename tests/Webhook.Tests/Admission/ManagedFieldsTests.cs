using System.Text;
using Webhook.Admission;

namespace Webhook.Tests.Admission;

public sealed class ManagedFieldsTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("""{"managedFields":[]}""", """{"managedFields":[]}""")]
    [InlineData("""{"a":1,"managedFields":[{"m":["]",{"x":"\"]"}]},2],"b":2}""", """{"a":1,"managedFields":[],"b":2}""")]
    [InlineData("""[{"managedFields":[1]},{"managedFields":[2,[3]]}]""", """[{"managedFields":[]},{"managedFields":[]}]""")]
    [InlineData("""{"managedFields":null}""", """{"managedFields":null}""")]
    [InlineData("""{"managedFields":[{"a":""", """{"managedFields":[{"a":""")]
    [InlineData("""{"managedFields":["x""", """{"managedFields":["x""")]
    [InlineData("""{"managedFields":[1],"managedFields":[{""", """{"managedFields":[],"managedFields":[{""")]
    [InlineData("""{"s":"\"managedFields\":[1]"}""", """{"s":"\"managedFields\":[1]"}""")]
    [InlineData("""{"s\"managedFields":[1]}""", """{"s\"managedFields":[1]}""")]
    [InlineData("", "")]
    public void The_lists_are_emptied_and_nothing_else_changes(string body, string cut)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        int length = ManagedFields.Cut(bytes);
        Assert.Equal(cut, Encoding.UTF8.GetString(bytes, 0, length));
    }
}
