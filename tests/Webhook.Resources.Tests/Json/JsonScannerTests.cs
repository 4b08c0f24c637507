using System.Text;
using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Resources.Tests.Json;

/// <summary>What the scanner takes for JSON, the library does too, and both list the same values.</summary>
public sealed class JsonScannerTests
{
    private static readonly string[] Texts =
    [
        """{"apiVersion":"v1","metadata":{"labels":{},"annotations":{"a/b":"{\"x\":\"y\"}"},"list":[]},"n":[0,-1,1.5e+3,1E9,0.25,-0e-1,12345678901234567890123]}""",
        " [ true , false , null , \"\\u00e9\\n\\\\\\\"\\/\\b\\f\\r\\t\\ud83d\\ude00\" ,\r\n\t{ \"\" : { \"a\" : [ [ ] , { } ] , \"a\" : 2 } } ] ",
        """["a string of more than sixteen bytes, which is a vector","another that has \"quotes\" behind the first sixteen","ünïcödé beyond the letters of ASCII"]""",
        "\"just a string\"",
        "-0",
        "{}",
    ];

    // Few bytes mean something in JSON: most changes to others change nothing.
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes("{}[]\",:\\/ \n\t0123456789-+.eEutrfalsn\u0001\u001f\u007fé");

    public static TheoryData<string> Examples => [.. Texts];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Reads_what_the_library_reads(string text)
    {
        Assert.True(IsRead(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_text_that_is_cut_off_or_changed_in_one_place_is_read_alike(string text)
    {
        byte[] json = Encoding.UTF8.GetBytes(text);
        int read = 0;
        for (int at = 0; at < json.Length; at++)
        {
            _ = IsRead(json[..at]);
            _ = IsRead([.. json[..at], .. json[(at + 1)..]]);
            foreach (byte other in Bytes)
            {
                byte[] changed = [.. json];
                changed[at] = other;
                read += IsRead(changed) ? 1 : 0;
                _ = IsRead([.. json[..at], other, .. json[at..]]);
            }
        }

        Assert.True(json.Length < 5 || read > 0, "no changed text was JSON, so that nothing was compared");
    }

    [Fact]
    public void Texts_that_chance_put_together_are_read_alike()
    {
        var random = new Random(1);
        string[] parts = ["{", "}", "[", "]", ",", ":", "\"a\"", "\"b\\n\"", "1", "-2.5e1", "true", "null", " ", "\"", "\\", "0", "x"];
        int read = 0;
        for (int i = 0; i < 200_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            read += IsRead(Encoding.UTF8.GetBytes(text)) ? 1 : 0;
        }

        Assert.InRange(read, 1_000, 100_000);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public void Nesting_is_bounded_alike(string opening)
    {
        foreach (int depth in new[] { 3, 4, 5 })
        {
            string text = string.Concat(Enumerable.Repeat(opening, depth)) + "1" + new string(opening == "[" ? ']' : '}', depth);
            Assert.Equal(depth <= 4, IsRead(Encoding.UTF8.GetBytes(text), 4));
        }
    }

    // Whether the scanner takes it. Fails unless the library says the same.
    private static bool IsRead(byte[] json, int maxDepth = 64)
    {
        FieldNode[]? scanned = null, listed = null;
        var nodes = new FieldNodes(0);
        if (JsonScanner.TryRead(json, maxDepth, ref nodes))
        {
            scanned = nodes.ToArray();
        }

        var library = new FieldNodes(0);
        try
        {
            FieldSource.Read(json, maxDepth, ref library);
            listed = library.ToArray();
        }
        catch (JsonException)
        {
            // No JSON.
        }

        Assert.True(scanned is null == listed is null, $"the scanner says {(scanned is null ? "no" : "yes")}: {Encoding.UTF8.GetString(json)}");
        Assert.Equal(listed, scanned);
        return scanned is not null;
    }
}
