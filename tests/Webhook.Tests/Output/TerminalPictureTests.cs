using System.Text;
using System.Xml.Linq;
using Webhook.Commands;
using Webhook.Output;

namespace Webhook.Tests.Output;

public sealed class TerminalPictureTests
{
    private const int Columns = 104;
    private const string Sample = "deploy/samples/bad/20-networks.yaml";
    private const int Shown = 4;

    [Fact]
    public async Task The_picture_of_the_readme_is_what_check_prints()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal { Output = output, Error = TextWriter.Null, HasColour = true, Width = Columns };
        await CommandLine.RunAsync(["check", Path.Combine(Golden.Checkout, Sample)], terminal);
        string[] blocks = output.ToString().Replace(Golden.Checkout + "/", "", StringComparison.Ordinal).Split("\n\n");
        Assert.True(blocks.Length > Shown + 1, "the sample has fewer objects than the picture shows");

        var text = new StringBuilder($"$ {CommandLine.ProgramName} check {Sample}\n\n");
        text.AppendJoin("\n\n", blocks[..Shown]).Append("\n\n[...]\n\n").Append(blocks[^1]);
        string picture = TerminalPicture.Draw(text.ToString(), Columns);
        Assert.Equal("svg", XDocument.Parse(picture).Root!.Name.LocalName);
        Golden.Holds(".github/check.svg", picture);
    }
}
