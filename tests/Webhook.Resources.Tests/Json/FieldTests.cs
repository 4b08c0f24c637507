using Webhook.Resources.Json;

namespace Webhook.Resources.Tests.Json;

public sealed class FieldTests
{
    private static readonly Field Sample = Field.Parse("""
        {"name": "a", "mtu": 9000, "half": 0.5, "big": 123456789012345678901234567890, "on": true, "nothing": null,
         "list": [{"x": 1}, 2], "twice": 1, "twice": 2, "vlanId": 7, "template": "{{ capture.x }}"}
        """);

    [Fact]
    public void Asking_for_what_is_not_there_gives_an_absent_field_with_its_path()
    {
        Field deep = Sample["name"]["below"][3]["more"];
        Assert.Equal(FieldKind.Absent, deep.Kind);
        Assert.Equal("name.below[3].more", deep.Path.ToString());
        Assert.Empty(deep.Items());
        Assert.Empty(deep.Members());
        Assert.Equal(FieldKind.Absent, Field.Absent.Kind);
        Assert.Equal("", Field.Absent.Path.ToString());
    }

    [Fact]
    public void Null_is_missing_as_for_the_API_server()
    {
        Assert.True(Sample["nothing"].IsMissing);
        Assert.Equal(FieldKind.Null, Sample["nothing"].Kind);
        Assert.True(Sample["on"].IsPresent);
    }

    [Fact]
    public void A_value_is_read_only_as_what_it_is()
    {
        Assert.Equal(9000, Sample["mtu"].Integer);
        Assert.Null(Sample["half"].Integer);
        Assert.Null(Sample["big"].Integer);
        Assert.Null(Sample["name"].Integer);
        Assert.Null(Sample["mtu"].Text);
        Assert.True(Sample["on"].Boolean);
        Assert.Null(Sample["name"].Boolean);
        Assert.True(Sample["template"].IsTemplate);
        Assert.False(Sample["name"].IsTemplate);
    }

    [Fact]
    public void Of_a_repeated_key_the_last_counts() => Assert.Equal(2, Sample["twice"].Integer);

    [Fact]
    public void Find_matches_keys_as_Go_does()
    {
        Assert.Equal(7, Sample.Find("vlanID").Integer);
        Assert.Equal("vlanId", Sample.Find("vlanID").Path.ToString());
        Assert.Equal(FieldKind.Absent, Sample["vlanID"].Kind);
    }

    [Fact]
    public void Items_and_members_know_their_paths()
    {
        Assert.Equal(["list[0]", "list[1]"], Sample["list"].Items().Select(static item => item.Path.ToString()));
        Assert.Equal("name", Sample.Members().First().Name);
        Assert.Equal(1, Sample["list"][0]["x"].Integer);
        Assert.Equal(2, Sample["list"].Count);
    }

    [Fact]
    public void Values_are_equal_whatever_their_path_and_the_order_of_their_keys()
    {
        Assert.True(Field.Parse("""{"a": 1, "b": [1]}""").ValueEquals(Field.Parse("""{"b": [1], "a": 1}""")));
        Assert.False(Field.Parse("""{"a": 1}""").ValueEquals(Field.Parse("""{"a": "1"}""")));
        Assert.True(Field.Absent.ValueEquals(Sample["none"]));
        Assert.True(Field.Parse("""{"a": [1.0, {"x": "\u0061"}]}""").ValueEquals(Field.Parse("""{"a":[1,{"x":"a"}]}""")));
        Assert.False(Field.Parse("""{"a": [1, 2]}""").ValueEquals(Field.Parse("""{"a": [2, 1]}""")));
        Assert.False(Field.Parse("""{"a": 1, "a": 1}""").ValueEquals(Field.Parse("""{"a": 1, "b": 1}""")));
        Assert.False(Field.Parse("[true]").ValueEquals(Field.Parse("[false]")));
        Assert.False(Field.Parse("[1]").ValueEquals(Field.Parse("[1, 2]")));
    }

    [Fact]
    public void A_shown_value_is_short_and_stays_on_its_line()
    {
        Assert.Equal("\"a b\"", Field.Parse("\"a\\nb\"").ToString());
        Assert.Equal($"\"{new string('x', 64)}...\"", Field.Parse($"\"{new string('x', 500)}\"").ToString());
        Assert.Equal("a list of 2", Sample["list"].ToString());
        Assert.Equal("9000", Sample["mtu"].ToString());
        Assert.Equal("absent", Sample["none"].ToString());
    }

    [Theory]
    [InlineData("""{"\u0061": 1}""", "a")]
    [InlineData("""{"a\/b": 1}""", "a/b")]
    [InlineData("""{"ä": 1}""", "ä")]
    [InlineData("""{"\u00e4": 1}""", "ä")]
    [InlineData("""{"😀": 1}""", "😀")]
    [InlineData("""{"": 1}""", "")]
    public void A_name_is_found_however_it_is_spelled(string json, string name)
    {
        Assert.Equal(1, Field.Parse(json)[name].Integer);
        Assert.Equal(name, Field.Parse(json).Members().Single().Name);
        Assert.Equal(FieldKind.Absent, Field.Parse(json)[name + "x"].Kind);
        Assert.Equal(FieldKind.Absent, Field.Parse(json)["\u00e4\u00e4"].Kind);
    }

    [Theory]
    [InlineData("\"absent\"", "absent", true)]
    [InlineData("\"\\u0061bsent\"", "absent", true)]
    [InlineData("\"ä\"", "ä", true)]
    [InlineData("\"Ã¤\"", "ä", false)]
    [InlineData("\"absenT\"", "absent", false)]
    [InlineData("7", "7", false)]
    public void A_text_is_compared_however_it_is_spelled(string json, string text, bool expected) =>
        Assert.Equal(expected, Field.Parse(json).Is(text));

    [Theory]
    [InlineData("""\ud800""", "\ufffd")]
    [InlineData("""\udc00\ud83d\ude00""", "\ufffd😀")]
    [InlineData("""a\ud83d\n""", "a\ufffd\n")]
    [InlineData("""\\ud800\ud800x""", "\\ud800\ufffdx")]
    [InlineData("""\ud800\ud83d\ude00""", "\ufffd😀")]
    public void Half_of_a_surrogate_pair_reads_as_in_Go(string escaped, string text)
    {
        Field root = Field.Parse($$"""{"{{escaped}}": "{{escaped}}", "a": 1}""");
        Assert.Equal(text, root.Members().First().Name);
        Assert.Equal(text, root[text].Text);
        Assert.True(root.ValueEquals(Field.Parse($$"""{"a": 1, "{{escaped}}": "{{escaped}}"}""")));
        Assert.Equal(text, (string)root.ToNode()![text]!);
    }

    [Fact]
    public void Bytes_that_are_no_letter_read_as_in_Go() =>
        Assert.Equal(["\ufffd", "\ufffd\n"], Field.Parse((byte[])[.. "[\""u8, 0xFF, .. "\",\""u8, 0xFF, .. "\\n\"]"u8]).Items().Select(static item => item.Text!));

    [Fact]
    public void Each_field_is_found_again_at_its_path()
    {
        Field root = Field.Parse("""{"a": {"b": [[], {"c": 1, "d": {}}, 2], "e": "x"}, "f": [{"g": [true]}], "h": null}""");
        string[] paths = [.. All(root).Select(static field => field.Path.ToString())];
        Assert.Equal(
            ["", "a", "a.b", "a.b[0]", "a.b[1]", "a.b[1].c", "a.b[1].d", "a.b[2]", "a.e", "f", "f[0]", "f[0].g", "f[0].g[0]", "h"], paths);
        Assert.All(All(root), field => Assert.Equal(field, Follow(root, field.Path.Steps())));
    }

    [Fact]
    public void The_paths_of_many_cost_as_the_path_of_one()
    {
        const int Many = 100_000;
        Field root = Field.Parse($$"""{"list": [{{string.Join(',', Enumerable.Repeat("{\"a\":[1]}", Many))}}], "map": { {{string.Join(',', Enumerable.Range(0, Many).Select(static i => $"\"k{i}\":{i}"))}} } }""");
        int index = 0;
        foreach (Field item in root["list"].Items())
        {
            Assert.Equal((index++, "a"), (item["a"].Path.Parent!.Index, item["a"].Path.Name));
        }

        Assert.Equal("list[7].a[0]", root["list"][7]["a"][0].Path.ToString());
        Assert.All(root["map"].Members(), static member => Assert.Equal(member.Name, member.Path.Name));
        Assert.Equal("map.k5", root["map"]["k5"].Path.ToString());
    }

    [Fact]
    public void A_field_can_stand_elsewhere()
    {
        Field root = Field.Parse("""{"request": {"object": {"spec": {"x": [1]}}}}""");
        Field moved = root["request"]["object"].At(FieldPath.Root);
        Assert.Equal("spec.x[0]", moved["spec"]["x"][0].Path.ToString());
        Assert.Equal("spec.y.z", moved["spec"]["y"]["z"].Path.ToString());
        Assert.Null(moved.Name);
        Assert.Equal("{\"x\": [1]}", moved["spec"].Json);
        Field missing = root["none"].At(FieldPath.Root.Property("elsewhere"));
        Assert.Equal(("elsewhere[2]", "elsewhere"), (missing[2].Path.ToString(), missing.Name));
    }

    [Fact]
    public void A_field_written_is_what_was_read()
    {
        using var stream = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream))
        {
            Sample["list"].WriteTo(writer);
        }

        Assert.Equal("""[{"x": 1}, 2]""", System.Text.Encoding.UTF8.GetString(stream.ToArray()));
        Assert.Equal("""{"twice":2,"a":[null,"b"]}""", Field.Parse("""{"twice": 1, "twice": 2, "a": [null, "b"]}""").ToNode()!.ToJsonString());
    }

    private static IEnumerable<Field> All(Field field) =>
        [field, .. field.Items().SelectMany(All), .. field.Members().SelectMany(All)];

    private static Field Follow(Field root, IEnumerable<FieldPath> steps) =>
        steps.Aggregate(root, static (at, step) => step.Name is string name ? at[name] : at[step.Index]);
}
