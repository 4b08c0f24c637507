using Webhook.Resources.Json;

namespace Webhook.Resources.Tests.Json;

public sealed class FieldWriterTests
{
    [Fact]
    public void What_is_written_is_what_the_library_reads()
    {
        var writer = new FieldWriter();
        for (int i = 0; i < 2; i++)
        {
            writer.Reset();
            Write(writer);
            Field written = writer.ToField();
            Assert.Equal("""{"a":[1,-2.5,1E+20,true,false,null,[],{}],"b\"":"x\n\"ä\uD83D\uDE00","":{"c":"d"},"e":"f:"}""", written.Json);
            AssertAlike(Field.Parse(written.Json), written);
            Assert.Equal("x\n\"ä😀", written["b\""].Text);
            Assert.Equal(8, written["a"].Count);
            Assert.Equal("a[2]", written["a"][2].Path.ToString());
        }
    }

    [Fact]
    public void A_long_text_finds_room()
    {
        var writer = new FieldWriter();
        writer.WriteStartArray();
        for (int i = 0; i < 3000; i++)
        {
            writer.WriteStringValue(new string('x', i));
        }

        writer.WriteEndArray();
        AssertAlike(Field.Parse(writer.ToField().Json), writer.ToField());
    }

    private static void Write(FieldWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("a");
        writer.WriteStartArray();
        writer.WriteNumberValue(1);
        writer.WriteNumberValue(-2.5);
        writer.WriteNumberValue(1e20);
        writer.WriteBooleanValue(true);
        writer.WriteBooleanValue(false);
        writer.WriteNullValue();
        writer.WriteStartArray();
        writer.WriteEndArray();
        writer.WriteStartObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WritePropertyName("b\"");
        writer.WriteStringValue("x\n\"ä😀");
        writer.WritePropertyName("");
        writer.WriteStartObject();
        writer.WritePropertyName("c");
        writer.WriteStringValue("d");
        writer.WriteEndObject();
        writer.WritePropertyName("e");
        writer.WriteStringValue("f:");
        writer.WriteEndObject();
    }

    private static void AssertAlike(Field expected, Field actual)
    {
        Assert.Equal((expected.Kind, expected.Name, expected.Json, expected.Count), (actual.Kind, actual.Name, actual.Json, actual.Count));
        Assert.All(expected.Items().Zip(actual.Items()), static pair => AssertAlike(pair.First, pair.Second));
        Assert.All(expected.Members().Zip(actual.Members()), static pair => AssertAlike(pair.First, pair.Second));
    }
}
