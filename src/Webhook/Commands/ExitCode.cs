namespace Webhook.Commands;

/// <summary>What the process answers to its caller. The numbers are a contract with scripts.</summary>
public static class ExitCode
{
    /// <summary>Everything was read, and no finding is at or above the limit.</summary>
    public const int Clean = 0;

    /// <summary>Findings at or above <c>--fail-on</c>, whether or not everything could be read.</summary>
    public const int Findings = 1;

    /// <summary>
    /// The command could not do all that it was asked to: wrong usage, a bad configuration, input that cannot be read or holds no object.
    /// </summary>
    public const int CouldNotRun = 2;
}
