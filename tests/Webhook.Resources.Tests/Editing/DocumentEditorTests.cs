using System.Text;
using Webhook.Resources.Editing;
using Webhook.Resources.Json;

namespace Webhook.Resources.Tests.Editing;

public sealed class DocumentEditorTests
{
    [Theory]
    [InlineData("a: 1 # one\nb: 2\n", "mtu", "a: 1 # one\nb: 2\nmtu: 9000\n")]
    [InlineData("a: 1", "mtu", "a: 1\nmtu: 9000")]
    [InlineData("a: 1\r\nb:\r\n  c: 2\r\n", "mtu", "a: 1\r\nmtu: 9000\r\nb:\r\n  c: 2\r\n")]
    [InlineData("# top\n\nb:\n- c\n", "mtu", "# top\n\nmtu: 9000\nb:\n- c\n")]
    [InlineData("l:\n- name: x\n  # between\n  type: ethernet\n  # behind\n- name: y\n", "l[0].mtu", "l:\n- name: x\n  # between\n  type: ethernet\n  mtu: 9000\n  # behind\n- name: y\n")]
    [InlineData("l:\n- ipv4:\n    dhcp: false\n", "l[0].mtu", "l:\n- mtu: 9000\n  ipv4:\n    dhcp: false\n")]
    [InlineData("l:\n  - {name: x, type: bond} # c\n", "l[0].mtu", "l:\n  - {name: x, type: bond, mtu: 9000} # c\n")]
    [InlineData("l: [{name: x}]\n", "l[0].mtu", "l: [{name: x, mtu: 9000}]\n")]
    [InlineData("l:\n- {\n    name: x,\n    type: bond\n  }\n", "l[0].mtu", "l:\n- {\n    name: x,\n    type: bond,\n    mtu: 9000\n  }\n")]
    [InlineData("m: {}\n", "m.mtu", "m: {mtu: 9000}\n")]
    [InlineData("{\"a\": 1, \"mtu\": 1, \"mtu\": 2}", "mtu", "{\"a\": 1, \"mtu\": 1, \"mtu\": 9000}")]
    [InlineData("m: {a: {b: [1]}}\n", "m.mtu", "m: {a: {b: [1]}, mtu: 9000}\n")]
    [InlineData("m: {'a': 1}\n", "m.mtu", "m: {'a': 1, 'mtu': 9000}\n")]
    [InlineData("a: &x\n  b: 1\nc: *x\n", "mtu", "mtu: 9000\na: &x\n  b: 1\nc: *x\n")]
    [InlineData("d:\n- &e\n  name: x\n- <<: *e\n  name: y\n", "d[1].mtu", "d:\n- &e\n  name: x\n- <<: *e\n  name: y\n  mtu: 9000\n")]
    [InlineData("mtu: \"9000\" # text\n", "mtu", "mtu: 9000 # text\n")]
    [InlineData("mtu:\nb: 1\n", "mtu", "mtu: 9000\nb: 1\n")]
    [InlineData("---\nm:\n  mtu: !!str 1500\n", "m.mtu", "---\nm:\n  mtu: 9000\n")]
    [InlineData("{\"a\":1,\"b\":2}", "mtu", "{\"a\":1,\"b\":2,\"mtu\":9000}")]
    [InlineData("{\n\t\"a\": 1,\n\t\"b\": {}\n}\n", "mtu", "{\n\t\"a\": 1,\n\t\"b\": {},\n\t\"mtu\": 9000\n}\n")]
    [InlineData("{\n\t\"a\": 1,\n\t\"b\": {}\n}\n", "b.mtu", "{\n\t\"a\": 1,\n\t\"b\": {\"mtu\": 9000}\n}\n")]
    [InlineData("{\"ü€😀\": \"é\", \"b\": {\"c\": 1}}", "b.mtu", "{\"ü€😀\": \"é\", \"b\": {\"c\": 1, \"mtu\": 9000}}")]
    public void A_value_is_set_and_nothing_else_is_touched(string text, string path, string expected) =>
        Assert.Equal(expected, Edited(text, FieldChange.Set(Path(path), 9000)));

    [Theory]
    [InlineData("a: 1\nmtu: 9000 # no\nb: 2\n", "mtu", "a: 1\nb: 2\n")]
    [InlineData("l:\n- mtu: 9000\n  name: x\n", "l[0].mtu", "l:\n- name: x\n")]
    [InlineData("l:\r\n- name: x\r\n  mtu: 9000\r\n- name: y\r\n", "l[0].mtu", "l:\r\n- name: x\r\n- name: y\r\n")]
    [InlineData("{a: 1, mtu: 9000, b: 2}", "mtu", "{a: 1, b: 2}")]
    [InlineData("{mtu: 9000, b: 2}", "mtu", "{b: 2}")]
    [InlineData("{a: 1, mtu: 9000}", "mtu", "{a: 1}")]
    [InlineData("{mtu: 9000}", "mtu", "{}")]
    public void A_value_is_taken_away_with_its_line_or_its_comma(string text, string path, string expected) =>
        Assert.Equal(expected, Edited(text, FieldChange.Remove(Path(path))));

    [Theory]
    [InlineData("config: |\n  {\"type\": \"bridge\"}\n", "config: |\n  {\"type\": \"bridge\", \"mtu\": 9000}\n")]
    [InlineData("config: |\r\n  {\r\n  \t\"type\": \"bridge\",\r\n  \t\"bridge\": \"br\"\r\n  }\r\nz: 1\r\n", "config: |\r\n  {\r\n  \t\"type\": \"bridge\",\r\n  \t\"bridge\": \"br\",\r\n  \t\"mtu\": 9000\r\n  }\r\nz: 1\r\n")]
    [InlineData("config: |-\n\n    {\n      \"type\": \"bridge\"\n    }", "config: |-\n\n    {\n      \"type\": \"bridge\",\n      \"mtu\": 9000\n    }")]
    [InlineData("config: >\n  {\n    \"type\": \"bridge\",\n    \"x\": 1\n  }\n", "config: >\n  {\n    \"type\": \"bridge\",\n    \"x\": 1,\n    \"mtu\": 9000\n  }\n")]
    [InlineData("config: >-\n  {\"type\": \"bridge\",\n  \"x\": 1}\n", "config: >-\n  {\"type\": \"bridge\",\n  \"x\": 1, \"mtu\": 9000}\n")]
    [InlineData("config: '{\"type\": \"it''s\"}'\n", "config: '{\"type\": \"it''s\", \"mtu\": 9000}'\n")]
    [InlineData("config: '{\"type\": \"bridge\",\n  \"x\": 1}' # c\n", "config: '{\"type\": \"bridge\",\n  \"x\": 1, \"mtu\": 9000}' # c\n")]
    [InlineData("config: \"{\\\"type\\\": \\\"bridge\\\",\\n\\t\\\"x\\\": 1}\"\n", "config: \"{\\\"type\\\": \\\"bridge\\\",\\n\\t\\\"x\\\": 1,\\n\\t\\\"mtu\\\": 9000}\"\n")]
    [InlineData("config: \"{\\\"type\\\": \\\n  \\\"bridge\\\"}\"\n", "config: \"{\\\"type\\\": \\\n  \\\"bridge\\\", \\\"mtu\\\": 9000}\"\n")]
    [InlineData("{\"config\": \"{\\n\\t\\\"type\\\": \\\"\\u00fc\\\",\\n\\t\\\"x\\\": 1\\n}\"}", "{\"config\": \"{\\n\\t\\\"type\\\": \\\"\\u00fc\\\",\\n\\t\\\"x\\\": 1,\\n\\t\\\"mtu\\\": 9000\\n}\"}")]
    [InlineData("config: &c |\n  {\"type\": \"bridge\"}\n", "config: &c |\n  {\"type\": \"bridge\", \"mtu\": 9000}\n")]
    [InlineData("config: |2\n    {\"type\": \"bridge\"}\n", "config: |2\n    {\"type\": \"bridge\", \"mtu\": 9000}\n")]
    [InlineData("config: |\n  # why\n  type: bridge # c\n  l: [1]\n", "config: |\n  # why\n  type: bridge # c\n  mtu: 9000\n  l: [1]\n")]
    [InlineData("config: \"type: bridge\\nl:\\n- 1\\n\"\n", "config: \"type: bridge\\nmtu: 9000\\nl:\\n- 1\\n\"\n")]
    public void A_document_inside_a_string_is_edited_inside_the_string(string text, string expected) =>
        Assert.Equal(expected, Edited(text, FieldChange.Set(FieldPath.Root.Property("config").Document().Property("mtu"), 9000)));

    [Fact]
    public void Base64_is_decoded_and_encoded_again()
    {
        const string Data = "# keep\nversion: 2\nethernets: {a: {x: 1}}\n";
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(Data));
        string wrapped = $"networkDataBase64: |\n  {encoded[..20]}\n  {encoded[20..]}\nz: 1\n";
        FieldPath mtu = FieldPath.Root.Property("networkDataBase64").Document().Property("ethernets").Property("a").Property("mtu");
        string result = Edited(wrapped, FieldChange.Set(mtu, 8990))!;
        string text = result.Replace("networkDataBase64: |\n", "", StringComparison.Ordinal).Replace("z: 1\n", "", StringComparison.Ordinal);
        Assert.Equal(
            Data.Replace("x: 1", "x: 1, mtu: 8990", StringComparison.Ordinal),
            Encoding.UTF8.GetString(Convert.FromBase64String(text)));
        Assert.EndsWith("\nz: 1\n", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: &x {b: 1}\nc: *x\n", "c.mtu")]
    [InlineData("a: &x {b: 1}\nc: *x\n", "a.mtu")]
    [InlineData("a:\n- b\n", "a.mtu")]
    [InlineData("a: 1\n", "b.mtu")]
    [InlineData("mtu: |\n  1500\n", "mtu")]
    [InlineData("{a: 1", "mtu")]
    public void What_cannot_be_made_without_another_change_is_not_made(string text, string path)
    {
        Assert.Null(DocumentEditor.Edits(text, [FieldChange.Set(Path(path), 9000)], out string? problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void All_uses_of_an_anchor_can_be_changed_together()
    {
        FieldChange[] changes = [FieldChange.Set(Path("a.mtu"), 9000), FieldChange.Set(Path("c.mtu"), 9000)];
        Assert.Equal(
            "a: &x\n  b: 1\n  mtu: 9000\nc:\n  <<: *x\n  mtu: 9000\n",
            Edited("a: &x\n  b: 1\nc:\n  <<: *x\n", changes));
    }

    [Fact]
    public void Network_data_does_not_grow_beyond_what_KubeVirt_takes()
    {
        string data = $"version: 2\n# {new string('x', 2030)}\n";
        FieldPath mtu = FieldPath.Root.Property("networkData").Document().Property("mtu");
        Assert.Null(DocumentEditor.Edits($"networkData: |\n  {data.Replace("\n", "\n  ", StringComparison.Ordinal)}", [FieldChange.Set(mtu, 9000)], out string? problem));
        Assert.Contains("KubeVirt", problem, StringComparison.Ordinal);
    }

    private static string? Edited(string text, params FieldChange[] changes)
    {
        IReadOnlyList<TextEdit>? edits = DocumentEditor.Edits(text, changes, out string? problem);
        Assert.Null(problem);
        return TextEdit.Apply(text, edits!);
    }

    private static FieldPath Path(string path)
    {
        FieldPath at = FieldPath.Root;
        foreach (string part in path.Split('.'))
        {
            string[] steps = part.Split('[', ']');
            at = at.Property(steps[0]);
            at = steps.Length > 1 ? at.Item(int.Parse(steps[1], null)) : at;
        }

        return at;
    }
}
