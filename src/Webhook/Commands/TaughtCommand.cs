using System.CommandLine;

namespace Webhook.Commands;

/// <summary>A command whose <c>--help</c> goes on after the options: what else is to know, and examples.</summary>
/// <param name="name">The word that calls it.</param>
/// <param name="description">What it does, in one sentence.</param>
/// <param name="notes">What a user has to know, as it is printed; empty for none.</param>
/// <param name="examples">Command lines to copy, indented by two.</param>
internal abstract class TaughtCommand(string name, string description, string notes, string examples) : Command(name, description)
{
    /// <summary>What a user has to know, as it is printed; empty for none.</summary>
    public string Notes { get; } = notes;

    /// <summary>Command lines to copy, indented by two.</summary>
    public string Examples { get; } = examples;
}
