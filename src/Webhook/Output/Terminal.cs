using System.Text;

namespace Webhook.Output;

/// <summary>
/// What surrounds the process: where it writes and reads, and whether a person looks on. The one place that touches the console.
/// </summary>
public sealed record Terminal
{
    /// <summary>The width that text is set to where no terminal says its own, in characters.</summary>
    public const int DefaultWidth = 100;

    /// <summary>Takes what the user asked for.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Takes everything else: errors, hints, progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens the standard input.</summary>
    public Func<Stream> OpenInput { get; init; } = static () => Stream.Null;

    /// <summary>Whether a person types the standard input.</summary>
    public bool IsInputTyped { get; init; }

    /// <summary>Whether <see cref="Output"/> takes colours.</summary>
    public bool HasColour { get; init; }

    /// <summary>The width of the terminal behind <see cref="Output"/>, in characters; null where that is none and lines must stay whole.</summary>
    public int? Width { get; init; }

    /// <summary>Whether a person sees <see cref="Error"/> while the command works.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The terminal, or the pipes, of this process.</summary>
    public static Terminal OfProcess()
    {
        // UTF-8 whatever the locale says: JSON and XML promise it. The stream swallows a broken pipe, so that "| head" ends quietly.
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool typedOutput = !Console.IsOutputRedirected;
        return new Terminal
        {
            Output = new StreamWriter(Console.OpenStandardOutput(), utf8, bufferSize: 16 * 1024) { AutoFlush = typedOutput },
            Error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            OpenInput = Console.OpenStandardInput,
            IsInputTyped = !Console.IsInputRedirected,
            HasColour = TakesColour(Environment.GetEnvironmentVariable, typedOutput),
            Width = typedOutput && Console.WindowWidth is var width and > 0 ? width : null,
            ShowsProgress = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        };
    }

    /// <summary>Whether to write colours: <c>NO_COLOR</c> beats <c>FORCE_COLOR</c>, which beats <c>TERM=dumb</c> and the look of the output.</summary>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <param name="isTerminal">Whether the output is a terminal.</param>
    public static bool TakesColour(Func<string, string?> variable, bool isTerminal)
    {
        if (variable("NO_COLOR") is { Length: > 0 })
        {
            return false;
        }

        if (variable("FORCE_COLOR") is { Length: > 0 } force)
        {
            return force is not ("0" or "false");
        }

        return isTerminal && variable("TERM") != "dumb";
    }
}
