using System.Globalization;
using System.Xml;
using Webhook.Checking;
using Webhook.Rules;

namespace Webhook.Output;

/// <summary>
/// The report as test results: a file is a suite, an object is a test, its findings at or above the limit are one failure, what is below
/// is its output. An object that is not judged is a skipped test, what cannot be read an error.
/// </summary>
public static class JUnitOutput
{
    /// <summary>Writes the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="failOn">The least severity that is a failure.</param>
    /// <param name="output">Takes the XML.</param>
    public static void Write(CheckReport report, Severity failOn, TextWriter output)
    {
        // The declaration by hand: the writer would name the encoding of the TextWriter, which is the caller's.
        output.Write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        using (var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            bool Fails(LocatedFinding found) => found.Finding.Severity >= failOn;
            ILookup<string, CheckedObject> objects = report.Objects.ToLookup(static item => item.File, StringComparer.Ordinal);
            ILookup<string, UnreadablePart> unreadable = report.Unreadable.ToLookup(static part => part.File, StringComparer.Ordinal);
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", "infoscale-webhook check");
            Counts(xml, report.Objects, [.. report.Unreadable], Fails);
            foreach (string file in objects.Select(static group => group.Key).Union(unreadable.Select(static group => group.Key)).Order(StringComparer.Ordinal))
            {
                xml.WriteStartElement("testsuite");
                xml.WriteAttributeString("name", PlainText.OfXml(file));
                Counts(xml, [.. objects[file]], [.. unreadable[file]], Fails);
                foreach (CheckedObject item in objects[file])
                {
                    WriteObject(xml, item, Fails);
                }

                foreach (UnreadablePart part in unreadable[file])
                {
                    xml.WriteStartElement("testcase");
                    xml.WriteAttributeString("name", PlainText.OfXml(TextOutput.Place(file, part.Position)));
                    xml.WriteAttributeString("classname", PlainText.OfXml(file));
                    Message(xml, "error", part.Reason, "not readable", part.Reason);
                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        output.Write('\n');
    }

    private static void Counts(
        XmlWriter xml, IReadOnlyCollection<CheckedObject> objects, IReadOnlyCollection<UnreadablePart> unreadable, Func<LocatedFinding, bool> fails)
    {
        void Attribute(string name, int count) => xml.WriteAttributeString(name, count.ToString(CultureInfo.InvariantCulture));

        Attribute("tests", objects.Count + unreadable.Count);
        Attribute("failures", objects.Count(item => item.Findings.Any(fails)));
        Attribute("errors", unreadable.Count + objects.Count(static item => item.Failures.Count > 0));
        Attribute("skipped", objects.Count(static item => item.NotJudged is not null));
    }

    private static void WriteObject(XmlWriter xml, CheckedObject item, Func<LocatedFinding, bool> fails)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", PlainText.OfXml(item.Title));
        xml.WriteAttributeString("classname", PlainText.OfXml(item.File));
        xml.WriteAttributeString("file", PlainText.OfXml(item.File));
        if (item.Position.Line > 0)
        {
            xml.WriteAttributeString("line", item.Position.Line.ToString(CultureInfo.InvariantCulture));
        }

        if (item.NotJudged is not null)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", PlainText.OfXml(item.NotJudged));
            xml.WriteEndElement();
        }

        if (item.Failures is [RuleFailure failure, ..])
        {
            Message(xml, "error", $"rule {failure.Rule} failed, a defect of this program", failure.Exception.GetType().Name, string.Join('\n', item.Failures.Select(static one => one.Rule)));
        }

        LocatedFinding[] failing = [.. item.Findings.Where(fails)];
        LocatedFinding[] others = [.. item.Findings.Where(found => !fails(found))];
        if (failing.Length > 0)
        {
            string more = failing.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $" (and {failing.Length - 1} more)") : "";
            Message(xml, "failure", failing[0].Finding.Message + more, failing[0].Finding.Rule, Text(item.File, failing));
        }

        if (others.Length > 0)
        {
            xml.WriteElementString("system-out", PlainText.OfXml(Text(item.File, others)));
        }

        xml.WriteEndElement();
    }

    private static void Message(XmlWriter xml, string element, string message, string type, string text)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", PlainText.OfXml(message));
        xml.WriteAttributeString("type", type);
        xml.WriteString(PlainText.OfXml(text));
        xml.WriteEndElement();
    }

    private static string Text(string file, IEnumerable<LocatedFinding> findings) => string.Join('\n', findings.Select(found =>
        $"{TextOutput.Place(file, found.Position)}: {JsonOutput.Word(found.Finding.Severity)}: {found.Finding.Rule}: {found.Finding.Message}; {found.Finding.Conclusion}"));
}
