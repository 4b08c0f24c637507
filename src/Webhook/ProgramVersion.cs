using System.Reflection;

namespace Webhook;

/// <summary>Which build this is.</summary>
public static class ProgramVersion
{
    /// <summary>The version with the commit after a plus sign: <c>0.1.0+fe02270...</c>.</summary>
    public static string Full { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The version alone.</summary>
    public static string Number { get; } = Full.Split('+')[0];
}
