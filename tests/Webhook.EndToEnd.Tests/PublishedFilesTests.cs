using System.Runtime.Versioning;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>The folder that is published, which the Dockerfile copies into the image as it is.</summary>
[SupportedOSPlatform("linux")]
public sealed class PublishedFilesTests
{
    [Fact]
    public void It_holds_the_program_and_nothing_else() => IsTheProgramAlone(Folder());

    [Fact]
    public void Another_user_than_its_owner_can_run_it_and_not_change_it()
    {
        string folder = Folder();
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            UnixFileMode mode = File.GetUnixFileMode(file);
            Assert.True(mode.HasFlag(UnixFileMode.OtherRead), $"{file}: {mode}");
            Assert.False(mode.HasFlag(UnixFileMode.OtherWrite) || mode.HasFlag(UnixFileMode.SetUser) || mode.HasFlag(UnixFileMode.SetGroup), $"{file}: {mode}");
        }

        Assert.True(File.GetUnixFileMode(Path.Combine(folder, "infoscale-webhook")).HasFlag(UnixFileMode.OtherExecute));
    }

    /// <summary>One file of native code.</summary>
    /// <param name="folder">A folder that was published.</param>
    internal static void IsTheProgramAlone(string folder)
    {
        Assert.Equal(["infoscale-webhook"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        byte[] program = File.ReadAllBytes(Path.Combine(folder, "infoscale-webhook"));
        Assert.Equal("\u007fELF"u8, program.AsSpan(0, 4));
    }

    private static string Folder()
    {
        string? program = WebhookServer.FindProgram();
        Assert.SkipWhen(program is null, "WEBHOOK_BINARY does not name the published program; .ci/run publishes it and runs these tests");
        return Path.GetDirectoryName(program)!;
    }
}
