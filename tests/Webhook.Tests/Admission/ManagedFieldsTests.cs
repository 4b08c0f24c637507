using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Webhook.Admission;

namespace Webhook.Tests.Admission;

public sealed class ManagedFieldsTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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

    // Strings, escapes and brackets at every place of what is read at once, and across its borders.
    [Theory]
    [InlineData("[{ab\"c]")]
    [InlineData("[{}]")]
    [InlineData("[]\\\\\"")]
    public void However_long_the_list_it_ends_where_it_ends(string letters)
    {
        var random = new Random(7);
        for (int i = 0; i < 5_000; i++)
        {
            string list = JsonSerializer.Serialize(Enumerable.Range(0, random.Next(6)).Select(_ => Value(3)).ToArray(), Relaxed);
            byte[] bytes = Encoding.UTF8.GetBytes($$$"""{"managedFields":{{{list}}},"b":[2]}""");
            Assert.Equal("""{"managedFields":[],"b":[2]}""", Encoding.UTF8.GetString(bytes, 0, ManagedFields.Cut(bytes)));
        }

        object Value(int depth) => random.Next(depth > 0 ? 3 : 1) switch
        {
            0 => new string(random.GetItems(letters.AsSpan(), random.Next(24))),
            1 => Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth - 1)).ToArray(),
            _ => Enumerable.Range(0, random.Next(4)).ToDictionary(key => $"{key}{new string(random.GetItems(letters.AsSpan(), random.Next(8)))}", _ => Value(depth - 1)),
        };
    }
}
