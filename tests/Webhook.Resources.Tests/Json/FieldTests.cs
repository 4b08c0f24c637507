using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Resources.Tests.Json;

public sealed class FieldTests
{
    private static readonly Field Sample = Parse("""
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
        Assert.Equal("name", Sample.Members().First().Path.Name);
        Assert.Equal(1, Sample["list"][0]["x"].Integer);
        Assert.Equal(2, Sample["list"].Count);
    }

    [Fact]
    public void Values_are_equal_whatever_their_path_and_the_order_of_their_keys()
    {
        Assert.True(Parse("""{"a": 1, "b": [1]}""").ValueEquals(Parse("""{"b": [1], "a": 1}""")));
        Assert.False(Parse("""{"a": 1}""").ValueEquals(Parse("""{"a": "1"}""")));
        Assert.True(Field.Absent.ValueEquals(Sample["none"]));
    }

    [Fact]
    public void A_shown_value_is_short_and_stays_on_its_line()
    {
        Assert.Equal("\"a b\"", Parse("\"a\\nb\"").ToString());
        Assert.Equal($"\"{new string('x', 64)}...\"", Parse($"\"{new string('x', 500)}\"").ToString());
        Assert.Equal("a list of 2", Sample["list"].ToString());
        Assert.Equal("9000", Sample["mtu"].ToString());
        Assert.Equal("absent", Sample["none"].ToString());
    }

    private static Field Parse(string json) => new(JsonElement.Parse(json), FieldPath.Root);
}
