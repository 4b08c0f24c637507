using System.Text.Json;
using System.Xml.Linq;
using Webhook.Checking;
using Webhook.Output;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Tests.Output;

/// <summary>One report in every format: its whole text as a golden file, and what each format promises to its readers.</summary>
public sealed class OutputTests
{
    private const string Hostile = "a,b:c%\u001b[1m\n\uFFFF";

    private static readonly string[] ContractMembers =
        ["rule", "severity", "kind", "namespace", "name", "path", "message", "remedy", "file", "line", "column", "unverified"];

    private static readonly string[] Levels = ["error", "warning", "note"];

    private static readonly CheckReport Report = new()
    {
        Files = 4,
        Objects =
        [
            Item("a/networks.yaml", 2, "NetworkAttachmentDefinition", "erp-db", "llt1") with
            {
                Findings =
                [
                    Found("nad-mtu-not-jumbo", Severity.Error, FieldError.Invalid(Spec("config").Document().Property("mtu"), "1500", "must be 8990 or more"), 9, 14),
                    Found("nad-dynamic-ipam", Severity.Warning, FieldError.Forbidden(Spec("config"), "cannot be seen, it stands in a file on the node"), 7, 3, unverified: true),
                ],
            },
            Item("a/networks.yaml", 20, "ConfigMap", "erp-db", "settings") with { NotJudged = "not a kind that is judged" },
            Item("b c/#1.yaml", 1, "VirtualMachine", "", Hostile) with
            {
                Findings =
                [
                    Found("vm-label-removed", Severity.Exempt, FieldError.Required(FieldPath.Root.Property("metadata"), $"<label> & {Hostile}"), 3, 1, exemption: "until 2026-07-01: the switch is exchanged"),
                ],
                Failures = [new RuleFailure("vm-storage-not-iscsi", new InvalidOperationException("never shown"))],
            },
            Item("b c/#1.yaml", 30, "VirtualMachine", "erp-db", "clean"),
        ],
        Unreadable = [new UnreadablePart("z.yaml", new Position(4, 2), "not valid YAML"), new UnreadablePart("none.yaml", null, "no such file or folder")],
    };

    public static TheoryData<string> Formats => ["text.txt", "colour.txt", "json.json", "sarif.json", "junit.xml", "github.txt", "audit.txt", "policyreport.json", "audit.html"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_format_prints_the_report_as_its_golden_file_has_it(string file) => Golden.Holds($"tests/Webhook.Tests/Output/golden/{file}", Write(file));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Nothing_of_an_exception_or_of_a_control_sequence_is_printed(string file)
    {
        string text = Write(file);
        Assert.DoesNotContain("never shown", text, StringComparison.Ordinal);
        Assert.DoesNotContain("c%\u001b[1m", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_every_member_of_its_contract()
    {
        JsonElement root = JsonElement.Parse(Write("json.json"));
        foreach (JsonElement finding in root.GetProperty("findings").EnumerateArray())
        {
            Assert.All(ContractMembers, member => Assert.True(finding.TryGetProperty(member, out _), member));
        }

        JsonElement first = root.GetProperty("findings")[0];
        Assert.Equal("spec.config#/mtu: Invalid value: 1500: must be 8990 or more", first.GetProperty("message").GetString());
        Assert.Equal("do what is needed", first.GetProperty("remedy").GetString());
        JsonElement summary = root.GetProperty("summary");
        Assert.Equal(
            "4 files, 4 objects, 3 judged, 1 not, 2 unreadable, 1 errors, 1 warnings, 1 exempt",
            $"{summary.GetProperty("files")} files, {summary.GetProperty("objects")} objects, {summary.GetProperty("judged")} judged, {summary.GetProperty("notJudged")} not, " +
            $"{summary.GetProperty("unreadable")} unreadable, {summary.GetProperty("errors")} errors, {summary.GetProperty("warnings")} warnings, {summary.GetProperty("exempt")} exempt");
    }

    [Fact]
    public void Sarif_has_the_members_that_code_scanning_asks_for()
    {
        JsonElement root = JsonElement.Parse(Write("sarif.json"));
        Assert.Equal("2.1.0", root.GetProperty("version").GetString());
        JsonElement run = root.GetProperty("runs")[0];
        JsonElement[] rules = [.. run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()];
        foreach (JsonElement rule in rules)
        {
            Assert.NotEmpty(rule.GetProperty("shortDescription").GetProperty("text").GetString()!);
            Assert.NotEmpty(rule.GetProperty("fullDescription").GetProperty("text").GetString()!);
            Assert.StartsWith("# ", rule.GetProperty("help").GetProperty("markdown").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(3, run.GetProperty("results").GetArrayLength());
        foreach (JsonElement result in run.GetProperty("results").EnumerateArray())
        {
            Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
            JsonElement place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
            Assert.True(Uri.IsWellFormedUriString(place.GetProperty("artifactLocation").GetProperty("uri").GetString(), UriKind.Relative));
            Assert.True(place.GetProperty("region").GetProperty("startLine").GetInt32() > 0);
            Assert.Contains(result.GetProperty("level").GetString(), Levels);
        }

        Assert.False(run.GetProperty("invocations")[0].GetProperty("executionSuccessful").GetBoolean());
    }

    [Theory]
    [InlineData(Severity.Error, 1)]
    [InlineData(Severity.Exempt, 2)]
    public void JUnit_is_XML_and_its_counts_are_those_of_its_tests(Severity limit, int failures)
    {
        using var output = new StringWriter();
        JUnitOutput.Write(Report, limit, output);
        XElement root = XDocument.Parse(output.ToString()).Root!;
        Assert.Equal(failures, root.Descendants("failure").Count());
        foreach (XElement counted in root.DescendantsAndSelf().Where(static element => element.Name.LocalName is "testsuites" or "testsuite"))
        {
            Assert.Equal(counted.Descendants("testcase").Count(), (int)counted.Attribute("tests")!);
            Assert.Equal(counted.Descendants("failure").Count(), (int)counted.Attribute("failures")!);
            Assert.Equal(counted.Descendants("error").Count(), (int)counted.Attribute("errors")!);
            Assert.Equal(counted.Descendants("skipped").Count(), (int)counted.Attribute("skipped")!);
        }
    }

    [Fact]
    public void A_workflow_annotation_is_one_line_with_its_properties_escaped()
    {
        string[] lines = Write("github.txt").TrimEnd('\n').Split('\n');
        Assert.All(lines, static line => Assert.Matches("^::(error|warning|notice) file=[^,:]+(,line=[0-9]+,col=[0-9]+)?,title=[^,:]+::.+$", line));
        Assert.Equal(6, lines.Length);
    }

    [Theory]
    [InlineData(true, null, null, null, true)]
    [InlineData(false, null, null, null, false)]
    [InlineData(true, "1", "1", null, false)]
    [InlineData(false, null, "1", "dumb", true)]
    [InlineData(true, null, "0", null, false)]
    [InlineData(true, "", "", "dumb", false)]
    public void Colours_follow_the_terminal_and_the_variables_that_users_set(bool isTerminal, string? no, string? force, string? term, bool expected) =>
        Assert.Equal(expected, Terminal.TakesColour(name => name switch { "NO_COLOR" => no, "FORCE_COLOR" => force, _ => term }, isTerminal));

    [Theory]
    [InlineData("one two three four five six", "one two three four|five six")]
    [InlineData("a-word-that-is-longer-than-the-line and more", "a-word-that-is-longer-than-the-line|and more")]
    [InlineData("short", "short")]
    public void Lines_break_at_blanks_and_long_words_stay_whole(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Lines.Wrap(text, 20)));

    private static string Write(string file)
    {
        using var output = new StringWriter { NewLine = "\n" };
        switch (file)
        {
            case "text.txt":
                new TextOutput(output, hasColour: false, width: null).Write(Report);
                break;
            case "colour.txt":
                new TextOutput(output, hasColour: true, width: 60).Write(Report);
                break;
            case "json.json":
                JsonOutput.Write(Report, output);
                break;
            case "sarif.json":
                SarifOutput.Write(Report, output);
                break;
            case "junit.xml":
                JUnitOutput.Write(Report, Severity.Error, output);
                break;
            case "audit.txt":
                new AuditText(output, hasColour: false, width: null).Write(Report);
                break;
            case "policyreport.json":
                PolicyReportOutput.Write(Report, Commands.Run.Now, output);
                break;
            case "audit.html":
                new HtmlReport(output).Write(
                    Report, "Manifests of a", [new ClusterPicture("erp-db/erp", "<svg></svg>", "guest 8990 <- NAD <llt1> 8990\n", 1)], Commands.Run.Now);
                break;
            default:
                GitHubOutput.Write(Report, output);
                break;
        }

        return output.ToString();
    }

    private static FieldPath Spec(string name) => FieldPath.Root.Property("spec").Property(name);

    private static CheckedObject Item(string file, int line, string kind, string @namespace, string name) => new()
    {
        File = file,
        Position = new Position(line, 1),
        ApiVersion = "v1",
        Kind = kind,
        Namespace = @namespace,
        Name = name,
    };

    private static LocatedFinding Found(
        string rule, Severity severity, FieldError error, int line, int column, bool unverified = false, string? exemption = null) =>
        new(
            new Finding { Rule = rule, Severity = severity, Error = error, Remedy = "do what is needed", Unverified = unverified, Exemption = exemption },
            new Position(line, column));
}
