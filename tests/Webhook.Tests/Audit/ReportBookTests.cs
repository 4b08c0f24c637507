using System.Text.Json.Nodes;
using Webhook.Audit;
using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests.Audit;

public sealed class ReportBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_object_with_findings_gets_one_report_that_it_owns()
    {
        ReportWrite write = Assert.Single(new ReportBook(ReportApi.PolicyReports).Plan(Judged(("llt1", 1500), ("llt2", 9000)), false, Now));
        Assert.True(write.IsNew);
        Assert.Equal("erp-db/infoscale-networkattachmentdefinition-llt1", $"{write.Key.Namespace}/{write.Key.Name}");
        JsonObject report = write.Report!;
        Assert.Equal("PolicyReport", (string?)report["kind"]);
        Assert.Equal("uid-llt1", (string?)report["metadata"]!["ownerReferences"]![0]!["uid"]);
        Assert.Equal(1, (int?)report["summary"]!["fail"]);
        Assert.Equal("nad-mtu-not-jumbo", (string?)report["results"]![0]!["policy"]);
        Assert.Equal(Now.ToUnixTimeSeconds(), (long?)report["results"]![0]!["timestamp"]!["seconds"]);
    }

    [Fact]
    public void A_second_run_without_change_writes_nothing_and_neither_does_a_new_holder()
    {
        ReportBook book = Written(("llt1", 1500));
        Assert.Empty(book.Plan(Judged(("llt1", 1500)), false, Now.AddDays(1)));

        // As the API server gives it back: with fields of its own, and members in another order.
        var next = new ReportBook(ReportApi.PolicyReports);
        next.Load([Stored(Plan(new ReportBook(ReportApi.PolicyReports), ("llt1", 1500)))]);
        Assert.Empty(next.Plan(Judged(("llt1", 1500)), false, Now.AddDays(1)));
    }

    [Fact]
    public void A_finding_that_stays_keeps_the_time_at_which_it_was_found_first()
    {
        ReportBook book = Written(("llt1", 1500));
        ReportWrite write = Assert.Single(book.Plan(Judged(("llt1", 1400)), false, Now.AddDays(1)));
        Assert.False(write.IsNew);
        Assert.Equal("7", (string?)write.Report!["metadata"]!["resourceVersion"]);
        Assert.Equal(Now.ToUnixTimeSeconds(), (long?)write.Report["results"]![0]!["timestamp"]!["seconds"]);
    }

    [Fact]
    public void A_report_goes_when_its_object_is_clean_or_gone_and_stays_where_clean_ones_are_kept()
    {
        ReportBook book = Written(("llt1", 1500));
        Assert.Null(Assert.Single(book.Plan(Judged(("llt1", 9000)), false, Now)).Report);
        Assert.Null(Assert.Single(book.Plan([], false, Now)).Report);
        ReportWrite kept = Assert.Single(book.Plan(Judged(("llt1", 9000)), true, Now));
        Assert.Equal(1, (int?)kept.Report!["summary"]!["pass"]);
        book.Done(kept, Stored(kept));
        Assert.Empty(book.Plan(Judged(("llt1", 9000)), true, Now.AddDays(1)));
    }

    [Fact]
    public void A_report_has_a_bounded_size_whatever_the_object()
    {
        CheckedObject item = Judged(("llt1", 1500))[0];
        LocatedFinding found = item.Findings[0];
        item = item with
        {
            Name = new string('n', 253),
            Findings =
            [
                .. Enumerable.Range(0, 1000).Select(i => found with
                {
                    Finding = found.Finding with { Error = FieldError.Required(FieldPath.Root.Property($"x{i}"), new string('m', 5000)) },
                }),
            ],
        };
        JsonObject report = PolicyReport.Of(item, ReportApi.PolicyReports, static (_, _) => null, Now);
        Assert.Equal(PolicyReport.MaxResults, report["results"]!.AsArray().Count);
        Assert.StartsWith("and 901 more", (string?)report["results"]![PolicyReport.MaxResults - 1]!["message"], StringComparison.Ordinal);
        Assert.Equal(1000, (int?)report["summary"]!["fail"]);
        Assert.InRange(report.ToJsonString().Length, 1, 200_000);
        Assert.Equal(253, ((string?)report["metadata"]!["name"])!.Length);
    }

    [Fact]
    public void Only_a_result_that_changes_is_told()
    {
        ReportWrite first = Plan(new ReportBook(ReportApi.PolicyReports), ("llt1", 1500));
        Assert.Equal(("", "error: nad-mtu-not-jumbo"), Told(first));
        ReportBook book = Written(("llt1", 1500));
        Assert.Null(Told(Plan(book, ("llt1", 1400))));
        Assert.Equal(("error: nad-mtu-not-jumbo", ""), Told(Plan(book, ("llt1", 9000))));
        Assert.Null(Told(Assert.Single(book.Plan([], false, Now)))); // gone is not mended
        Assert.Null(Told(Assert.Single(book.Plan([Judged(("llt1", 9000))[0] with { NotJudged = AuditRun.ModeOff }], false, Now))));
    }

    [Fact]
    public void Another_holder_tells_what_the_reports_do_not_say_and_no_more()
    {
        // The first holder reported it; the second mended the report meanwhile; the first becomes the holder again.
        ReportBook first = Written(("llt1", 1500));
        var second = new ReportBook(ReportApi.PolicyReports);
        second.Load([Stored(Plan(new ReportBook(ReportApi.PolicyReports), ("llt1", 1500)))]);
        Assert.Empty(second.Plan(Judged(("llt1", 1500)), false, Now.AddDays(1)));
        Assert.Equal(("error: nad-mtu-not-jumbo", ""), Told(Plan(second, ("llt1", 9000))));
        first.Load([]);
        Assert.Empty(first.Plan(Judged(("llt1", 9000)), false, Now.AddDays(1)));
    }

    [Fact]
    public void Where_another_API_is_installed_what_was_known_is_written_there_and_told_to_nobody()
    {
        var book = new ReportBook(ReportApi.OpenReports);
        book.Load([], [Stored(Plan(new ReportBook(ReportApi.PolicyReports), ("llt1", 1500)))]);
        ReportWrite write = Assert.Single(book.Plan(Judged(("llt1", 1500)), false, Now.AddDays(1)));
        Assert.True(write.IsNew);
        Assert.Null(Told(write));
        Assert.Equal(("Report", null), ((string?)write.Report!["kind"], (string?)write.Report["metadata"]!["resourceVersion"]));
        Assert.Equal(Now.ToUnixTimeSeconds(), (long?)write.Report["results"]![0]!["timestamp"]!["seconds"]);
        book.Done(write, Stored(write));
        Assert.Empty(book.Plan(Judged(("llt1", 1500)), false, Now.AddDays(2)));
    }

    [Fact]
    public void A_result_too_long_for_its_report_is_told_once()
    {
        CheckedObject item = Judged(("llt1", 1500))[0];
        LocatedFinding found = item.Findings[0];
        item = item with
        {
            Findings =
            [
                .. Enumerable.Range(0, PolicyReport.MaxResults).Select(i => found with
                {
                    Finding = found.Finding with { Error = FieldError.Required(FieldPath.Root.Property($"x{i}"), "m") },
                }),
                found with { Finding = found.Finding with { Rule = "nad-siblings-differ", Severity = Severity.Warning } },
            ],
        };
        var book = new ReportBook(ReportApi.PolicyReports);
        ReportWrite write = Assert.Single(book.Plan([item], false, Now));
        Assert.Equal(("", "error: nad-mtu-not-jumbo"), Told(write));
        book.Load([Stored(write)]);
        Assert.Empty(book.Plan([item], false, Now));
    }

    private static (string Before, string Now)? Told(ReportWrite write) => write.Change is ResultChange change ? (change.Before, change.Now) : null;

    private static ReportWrite Plan(ReportBook book, params (string Name, int Mtu)[] networks) => Assert.Single(book.Plan(Judged(networks), false, Now));

    private static ReportBook Written(params (string Name, int Mtu)[] networks)
    {
        var book = new ReportBook(ReportApi.PolicyReports);
        ReportWrite write = Plan(book, networks);
        book.Done(write, Stored(write));
        return book;
    }

    private static Field Stored(ReportWrite write)
    {
        JsonObject stored = [];
        foreach ((string key, JsonNode? value) in write.Report!.Reverse())
        {
            stored[key] = value!.DeepClone();
        }

        stored["metadata"]!["resourceVersion"] = "7";
        stored["metadata"]!["managedFields"] = new JsonArray();
        return Field.Parse(stored.ToJsonString());
    }

    private static IReadOnlyList<CheckedObject> Judged(params (string Name, int Mtu)[] networks) =>
        new AuditRun(EnforcementSettings.Default, Now).Judge(
            ClusterObjects.Given(networks.Select(static network => Assert.Single(ManifestReader.Read(
                $$$"""
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: {{{network.Name}}}, namespace: erp-db, uid: uid-{{{network.Name}}}, labels: {infoscale.internal/role: llt} }
                spec: {config: '{"cniVersion": "0.3.1", "name": "{{{network.Name}}}", "type": "bridge", "bridge": "br-{{{network.Name}}}", "mtu": {{{network.Mtu}}} }'}
                """)).Root)),
            null,
            CancellationToken.None);
}
