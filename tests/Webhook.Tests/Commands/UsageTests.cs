using Webhook.Commands;

namespace Webhook.Tests.Commands;

/// <summary>What a user meets who does not know the program yet.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("error: Unrecognized command or argument 'chek'.\nDid you mean check?\nHelp: infoscale-webhook --help\n", "chek")]
    [InlineData("error: Required argument missing for command: 'check'.\nHelp: infoscale-webhook check --help\n", "check")]
    [InlineData("error: Unrecognized option '--fail'; did you mean --fail-on?\nHelp: infoscale-webhook check --help\n", "check", "--fail", "x.yaml")]
    [InlineData("error: Argument 'xml' not recognized. Must be one of: 'text' 'json' 'sarif' 'junit' 'github'\nHelp: infoscale-webhook check --help\n", "check", "-o", "xml", "x.yaml")]
    public async Task Wrong_usage_says_what_is_wrong_and_where_help_is(string error, params string[] arguments)
    {
        Run run = await Run.Of(arguments);
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.Equal(error, run.Error);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task No_arguments_show_the_help_and_are_no_success()
    {
        Run run = await Run.Of();
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.Contains("Examples:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_teaches_with_exit_codes_and_examples()
    {
        Run run = await Run.Of("check", "--help");
        Assert.Equal(ExitCode.Clean, run.Code);
        Assert.Contains("--fail-on <error|warning|never>", run.Output, StringComparison.Ordinal);
        Assert.Contains("Exit code:\n  0  ", run.Output, StringComparison.Ordinal);
        Assert.Contains("infoscale-webhook check --as llt", run.Output, StringComparison.Ordinal);
    }
}
