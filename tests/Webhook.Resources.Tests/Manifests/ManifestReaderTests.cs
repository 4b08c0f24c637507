using System.Diagnostics;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;

namespace Webhook.Resources.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Fact]
    public void A_field_inside_a_literal_block_is_found_at_its_own_line_and_column()
    {
        Manifest manifest = ManifestReader.Read(
            """
            # a comment
            ---
            kind: A
            ---
            kind: B
            spec:
              config: |
                {
                  "type": "bridge",
                  "mtu": 1500
                }
            """).Last();
        FieldPath mtu = manifest.Root["spec"]["config"].Path.Document().Property("mtu");
        Assert.Equal("spec.config#/mtu", mtu.ToString());
        Assert.Equal(new Position(10, 14), manifest.Locate(mtu));
    }

    [Fact]
    public void A_broken_document_costs_itself_only()
    {
        List<Manifest> manifests = [.. ManifestReader.Read("kind: A\n---\nkind: [\n---\nkind: C\n")];
        Assert.Equal(["A", null, "C"], manifests.Select(static manifest => manifest.Root["kind"].Text));
        Assert.Equal(4, manifests[1].Error!.Position.Line);
    }

    [Theory]
    [InlineData("{\"kind\": \"List\", \"items\": [{\"kind\": \"A\"}, {\"kind\": \"B\",\n \"x\": 7}]}", 7)]
    [InlineData("kind: List\nitems: [{kind: A}, {kind: B, x: 7}]\n", 33)]
    public void Lists_are_taken_apart_and_paths_start_at_the_item(string text, int column)
    {
        List<Manifest> manifests = [.. ManifestReader.Read(text)];
        Assert.Equal(["A", "B"], manifests.Select(static manifest => manifest.Root["kind"].Text));
        Assert.Equal("x", manifests[1].Root["x"].Path.ToString());
        Assert.Equal(new Position(2, column), manifests[1].Locate(manifests[1].Root["x"].Path));
    }

    // What kubectl get -o json or yaml gives for a large cluster. To read the text anew for each place took 15 s and more here.
    [Theory]
    [InlineData("{\"kind\": \"List\", \"items\": [\n", "{\"kind\": \"A\", \"filler\": \"FILLER\",\n \"text\": \"{\\\"x\\\": 7}\"},\n", "{\"kind\": \"A\"}]}", 2, 10)]
    [InlineData("kind: List\nitems:\n", "- kind: A\n  filler: FILLER\n  text: |\n    # comment\n    x: 7\n", "- kind: A\n", 5, 8)]
    public void The_places_of_many_fields_cost_one_reading(string head, string item, string tail, int linesOfItem, int column)
    {
        const int Count = 5_000;
        string text = head + string.Concat(Enumerable.Repeat(item.Replace("FILLER", new string('f', 400), StringComparison.Ordinal), Count)) + tail;
        int firstLine = head.Count(static letter => letter == '\n');
        long start = Stopwatch.GetTimestamp();
        Position[] places = [.. ManifestReader.Read(text).Take(Count).Select(static manifest =>
            manifest.Locate(manifest.Root["text"].Path.Document().Property("x")))];
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 8);
        Assert.Equal(Enumerable.Range(1, Count).Select(number => new Position(firstLine + (number * linesOfItem), column)), places);
    }
}
