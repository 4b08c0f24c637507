using System.Globalization;
using System.Net;
using Webhook.Audit;
using Webhook.Checking;
using Webhook.Commands;
using Webhook.Rules;

namespace Webhook.Output;

/// <summary>
/// The audit as one page to pass on: a file that needs nothing from outside, not even script. Read on a phone, on paper, in light and dark.
/// </summary>
/// <param name="output">Takes the page.</param>
public sealed class HtmlReport(TextWriter output)
{
    /// <summary>The most findings of one rule that are listed: beyond that nobody reads on, and the file stays small enough to send.</summary>
    public const int MaxFindingsOfRule = 200;

    // Wide content scrolls in its own box, so that the page never does. Colours keep a contrast of 4.5:1 on their ground.
    private const string Style =
        """
        :root { color-scheme: light dark; --ground: #ffffff; --ink: #1f2328; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
          --error: #b31d28; --warning: #8a4600; --good: #0f6b2b; --link: #0550ae }
        @media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --ink: #e6edf3; --soft: #9da7b3; --line: #3d444d; --panel: #161b22;
          --error: #ff8e86; --warning: #e3b341; --good: #56d364; --link: #79c0ff } }
        * { box-sizing: border-box }
        body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: var(--ground); color: var(--ink);
          font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0 } h2 { font-size: 1.25rem; margin: 2.25rem 0 .5rem; border-bottom: 1px solid var(--line) }
        h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem } p { margin: .35rem 0; max-width: 65rem } a { color: var(--link) }
        .soft { color: var(--soft) } .error { color: var(--error) } .warning { color: var(--warning) } .good { color: var(--good) }
        .error, .warning, .good { font-weight: 600 }
        .wide { overflow-x: auto; margin: .5rem 0 } .wide:focus-visible { outline: 2px solid var(--link) }
        table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: 600; padding: .5rem 0 }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line) }
        tbody th { font-weight: normal }
        th.count, td.count { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; width: 6rem }
        ul.findings { list-style: none; padding: 0; margin: .5rem 0 }
        ul.findings > li { border: 1px solid var(--line); border-left-width: .3rem; border-radius: .3rem; padding: .5rem .75rem; margin: .5rem 0; break-inside: avoid }
        li.is-error { border-left-color: var(--error) !important } li.is-warning { border-left-color: var(--warning) !important }
        code, .path { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em }
        .verdict { font-size: 1.15rem; padding: .75rem 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: .4rem }
        figure { margin: .5rem 0 } figure svg { max-width: none; height: auto } figcaption { color: var(--soft) } pre { overflow-x: auto }
        @media (max-width: 40rem) { body { padding: .75rem }
          table.tally tr { display: grid; grid-template-columns: repeat(4, 1fr); border-bottom: 1px solid var(--line); padding: .35rem 0 }
          table.tally th, table.tally td { border: 0; padding: 0; width: auto; font-size: .9rem } table.tally th:first-child { grid-column: 1 / -1 } }
        @media print { body { max-width: none; font-size: 10pt } a { color: inherit; text-decoration: none } h2, h3 { break-after: avoid } .wide { overflow: visible }
          figure svg { max-width: 100% } }
        """;

    /// <summary>Writes the page.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="source">What was looked at, as one clause.</param>
    /// <param name="pictures">The networks of each InfoScale cluster.</param>
    /// <param name="now">The moment of the audit.</param>
    public void Write(CheckReport report, string source, IReadOnlyList<ClusterPicture> pictures, DateTimeOffset now)
    {
        AuditSummary summary = AuditSummary.Of(report);
        output.Write(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>InfoScale audit, {Date(now)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <header>
            <h1>InfoScale audit</h1>
            <p class="soft">{Text(source)}, {Date(now)} {Time(now)} UTC, by {CommandLine.ProgramName} {Text(ProgramVersion.Number)}</p>
            {Verdict(report)}
            </header>
            <main>

            """);
        WriteSummary(summary);
        WritePictures(pictures);
        WriteFindings(summary);
        WriteExemptions(summary);
        WriteRemainder(report);
        output.Write(
            $"""
            </main>
            <footer>
            <h2>How to read this</h2>
            <p>An error is proven by what was looked at. A warning is either a risk or something that could not be seen; it says which. An exemption leaves the
            finding in place until its end. Why a rule exists, with examples: <code>{CommandLine.ProgramName} explain RULE</code>.</p>
            </footer>
            </body>
            </html>

            """);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(PlainText.OfXml(PlainText.OfLine(text)));

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Number(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private static string Head(string name) => $"<th scope=\"col\" class=\"count\" role=\"columnheader\">{name}</th>";

    // Roles say what the narrow layout takes from a table: that it is one.
    private static string Cell(int count, string style) => count == 0 ? "<td class=\"count soft\" role=\"cell\">0</td>"
        : string.Create(CultureInfo.InvariantCulture, $"<td class=\"count\" role=\"cell\"><span class=\"{style}\">{count}</span></td>");

    private static string Verdict(CheckReport report)
    {
        int errors = report.Count(Severity.Error), warnings = report.Count(Severity.Warning), exempt = report.Count(Severity.Exempt);
        string found = report.Judged == 0 ? "<span class=\"warning\">Nothing was judged</span>"
            : errors > 0 ? $"<span class=\"error\">{Number(errors, "error", "errors")}</span>, {Number(warnings, "warning", "warnings")}"
            : warnings > 0 ? $"No error, <span class=\"warning\">{Number(warnings, "warning", "warnings")}</span>"
            : "<span class=\"good\">No findings</span>";
        return $"<p class=\"verdict\">{found}{(exempt > 0 ? $", {Number(exempt, "exempt finding", "exempt findings")}" : "")} on "
            + $"{Number(report.Judged, "judged object", "judged objects")}; {Number(report.NotJudged, "other object", "other objects")} not judged.</p>";
    }

    private void WriteSummary(AuditSummary summary)
    {
        output.Write("<h2 id=\"summary\">Summary</h2>\n");
        Table("By rule", "Rule", "Objects", summary.Rules.Select(static tally => (
            $"<a href=\"#{tally.Rule.Id}\"><code>{tally.Rule.Id}</code></a><br><span class=\"soft\">{Text(tally.Rule.Title)}</span>",
            new Tally("", tally.Objects, tally.Errors, tally.Warnings, tally.Exempt))));
        Table("By InfoScale cluster", "Cluster", "VMs", summary.Clusters.Select(static tally => (Text(tally.Name), tally)));
        Table("By namespace", "Namespace", "Objects", summary.Namespaces.Select(static tally => (tally.Name.Length > 0 ? Text(tally.Name) : "<i>none</i>", tally)));
    }

    private void Table(string caption, string first, string second, IEnumerable<(string Name, Tally Tally)> rows)
    {
        bool isOpen = false;
        foreach ((string name, Tally tally) in rows)
        {
            if (!isOpen)
            {
                isOpen = true;
                output.Write(
                    $"""
                    <table class="tally" role="table">
                    <caption>{caption}</caption>
                    <thead><tr role="row"><th scope="col" role="columnheader">{first}</th>{Head(second)}{Head("Errors")}{Head("Warnings")}{Head("Exempt")}</tr></thead>
                    <tbody role="rowgroup">

                    """);
            }

            output.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{name}</th><td class=\"count\" role=\"cell\">{tally.Objects}</td>{Cell(tally.Errors, "error")}{Cell(tally.Warnings, "warning")}{Cell(tally.Exempt, "soft")}</tr>\n"));
        }

        output.Write(isOpen ? "</tbody>\n</table>\n" : "");
    }

    private void WritePictures(IReadOnlyList<ClusterPicture> pictures)
    {
        if (pictures.Count == 0)
        {
            return;
        }

        output.Write("<h2 id=\"paths\">Network paths</h2>\n<p>From each guest down to the switch, with the MTU of every hop. What is too small for the frames that come from above is marked.</p>\n");
        foreach (ClusterPicture picture in pictures)
        {
            output.Write($"<h3>Cluster {Text(picture.Name)}</h3>\n");
            output.Write($"<figure><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Paths of cluster {Text(picture.Name)}\">{picture.Svg}</div>\n");
            output.Write("<figcaption>Where it is wider than the page: scroll sideways, or read the same as text.</figcaption></figure>\n");

            if (picture.More > 0)
            {
                output.Write($"<p>and {Number(picture.More, "more path", "more paths")}; <code>{CommandLine.ProgramName} path</code> shows each.</p>\n");
            }

            output.Write(
                $"<details><summary>The same as text</summary><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Paths of cluster {Text(picture.Name)} as text\">" +
                $"<pre>{WebUtility.HtmlEncode(PlainText.OfXml(picture.Text))}</pre></div></details>\n");
        }
    }

    private void WriteFindings(AuditSummary summary)
    {
        output.Write("<h2 id=\"findings\">Findings</h2>\n");
        bool isAny = false;
        foreach (RuleTally tally in summary.Rules)
        {
            AuditedFinding[] open = [.. tally.Findings.Where(static found => found.Finding.Severity != Severity.Exempt)
                .OrderByDescending(static found => found.Finding.Severity)];
            if (open.Length == 0)
            {
                continue;
            }

            isAny = true;
            string guide = tally.Rule.Guide.Count > 0 ? $"Guide: {string.Join(", ", tally.Rule.Guide.Select(static sentence => sentence.Id))}." : "Beyond the guide.";
            output.Write(
                $"""
                <section aria-labelledby="{tally.Rule.Id}">
                <h3 id="{tally.Rule.Id}">{Text(tally.Rule.Title)} <code class="soft">{tally.Rule.Id}</code></h3>
                <p>{Text(tally.Rule.Rationale)} <span class="soft">{guide}</span></p>
                <p><strong>Remedy:</strong> {Text(tally.Rule.Remedy)}</p>
                <ul class="findings">

                """);
            foreach (AuditedFinding found in open.Take(MaxFindingsOfRule))
            {
                WriteFinding(found);
            }

            output.Write("</ul>\n");
            if (open.Length > MaxFindingsOfRule)
            {
                output.Write($"<p>and {Number(open.Length - MaxFindingsOfRule, "more finding", "more findings")} of this rule; <code>-o json</code> lists every one.</p>\n");
            }

            output.Write("</section>\n");
        }

        output.Write(isAny ? "" : "<p class=\"good\">None.</p>\n");
    }

    private void WriteFinding(AuditedFinding found)
    {
        bool isError = found.Finding.Severity == Severity.Error;
        string place = found.Object.File.Length > 0 ? $"<br><span class=\"soft path\">{Text(TextOutput.Place(found.Object.File, found.Located.Position))}</span>" : "";
        output.Write(
            $"""
            <li class="{(isError ? "is-error" : "is-warning")}"><span class="{(isError ? "error" : "warning")}">{(isError ? "Error" : found.Finding.Unverified ? "Not verified" : "Warning")}</span>
            <strong>{Text(found.Object.Title)}</strong>{place}
            <p class="path">{Text(found.Finding.Message)}</p>
            <p><strong>Fix:</strong> {Text(found.Finding.Remedy)}</p></li>

            """);
    }

    private void WriteExemptions(AuditSummary summary)
    {
        AuditedFinding[] exempt = [.. summary.Rules.SelectMany(static tally => tally.Findings).Where(static found => found.Finding.Severity == Severity.Exempt)];
        if (exempt.Length == 0)
        {
            return;
        }

        output.Write(
            """
            <h2 id="exemptions">Exemptions</h2>
            <table>
            <thead><tr><th scope="col">Object and rule</th><th scope="col">End and reason</th></tr></thead>
            <tbody>

            """);
        foreach (AuditedFinding found in exempt)
        {
            output.Write(
                $"<tr><th scope=\"row\">{Text(found.Object.Title)}<br><code>{found.Finding.Rule}</code></th><td>{Text(found.Finding.Exemption ?? "")}</td></tr>\n");
        }

        output.Write("</tbody>\n</table>\n");
    }

    private void WriteRemainder(CheckReport report)
    {
        IReadOnlyList<NotJudgedGroup> groups = report.NotJudgedGroups;
        if (groups.Count + report.Unreadable.Count + report.Failures == 0)
        {
            return;
        }

        output.Write("<h2 id=\"not-judged\">Not judged</h2>\n<ul>\n");
        foreach (UnreadablePart part in report.Unreadable)
        {
            output.Write($"<li><span class=\"error\">Not readable</span>: <span class=\"path\">{Text(TextOutput.Place(part.File, part.Position))}</span>: {Text(part.Reason)}</li>\n");
        }

        foreach (CheckedObject item in report.Objects)
        {
            foreach (RuleFailure failure in item.Failures)
            {
                output.Write($"<li><span class=\"error\">Not complete</span>: rule <code>{failure.Rule}</code> failed on {Text(item.Title)}, a defect of this program</li>\n");
            }
        }

        foreach (NotJudgedGroup group in groups)
        {
            output.Write($"<li>{Number(group.Count, "", "").Trim()} {Text(group.Kind.Length > 0 ? group.Kind : "document")}: {Text(group.Reason)}</li>\n");
        }

        output.Write("</ul>\n");
    }
}

/// <summary>The networks of one InfoScale cluster.</summary>
/// <param name="Name">Namespace and name of the cluster.</param>
/// <param name="Svg">The picture.</param>
/// <param name="Text">The same as text.</param>
/// <param name="More">How many paths are left out.</param>
public sealed record ClusterPicture(string Name, string Svg, string Text, int More);
