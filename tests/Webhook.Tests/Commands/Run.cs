using System.Text;
using Microsoft.Extensions.Time.Testing;
using Webhook.Commands;
using Webhook.Output;

namespace Webhook.Tests.Commands;

/// <summary>One command line, run in process.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">What went to standard output.</param>
/// <param name="Error">What went to standard error.</param>
public sealed record Run(int Code, string Output, string Error)
{
    public static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    public static Task<Run> Of(params string[] arguments) => OfInput("", arguments);

    public static async Task<Run> OfInput(string input, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal
        {
            Output = output,
            Error = error,
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Time = new HurriedTime(),
        };
        int code = await CommandLine.RunAsync(arguments, terminal);
        return new Run(code, output.ToString(), error.ToString());
    }

    // Stands still, but a wait of seconds is over at once. Deadlines, which are longer, never come.
    private sealed class HurriedTime() : FakeTimeProvider(Now)
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            dueTime > TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(5)
                ? System.CreateTimer(callback, state, TimeSpan.Zero, period)
                : base.CreateTimer(callback, state, dueTime, period);
    }
}
