using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Webhook.Audit;
using Webhook.Checking;

namespace Webhook.Output;

/// <summary>The report for a cluster: a List of PolicyReports, one for each object with findings, to be applied by kubectl.</summary>
public static class PolicyReportOutput
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the report.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="now">The moment of the audit.</param>
    /// <param name="output">Takes the text.</param>
    public static void Write(CheckReport report, DateTimeOffset now, TextWriter output)
    {
        var list = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["items"] = new JsonArray(
            [
                .. report.Objects.Where(static item => item.Findings.Count + item.Failures.Count > 0)
                    .Select(item => PolicyReport.Of(item, ReportApi.PolicyReports, static (_, _) => null, now)),
            ]),
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            list.WriteTo(writer);
        }

        output.Write(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        output.Write('\n');
    }
}
