using System.CommandLine;
using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Output;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;
using Webhook.Tracing;

namespace Webhook.Commands;

/// <summary><c>path</c>: the way of frames from a guest down to the switch, hop by hop.</summary>
internal sealed class PathCommand : TaughtCommand
{
    private const string About =
        """
        Each hop shows its MTU and who says so. A policy that declares an MTU will be applied, so it beats what the node has now; the physical
        switch is known by the annotation infoscale.internal/switch-mtu and by LLDP, and the smaller of both counts. "?" is a hop whose MTU
        nobody says, "-" one that has none, such as an OVS bridge. A hop is weak if it carries less than what the guest sends.

        Without a target: every VM with the label infoscale.internal/cluster, and every labelled network that none of them is on. Nodes where a
        path is alike are one entry; only those that can host the VM are shown. Files are laid over the cluster of --cluster or --snapshot; alone
        they are the cluster: give Nodes and NodeNetworkStates too, and less is unknown.

        Exit code:
          0  no weak hop and no path that ends is known; hops may be unknown
          1  a hop carries less than what is sent, or a path ends: its network, bridge or mapping does not exist
          2  the command could not do that: wrong usage, a target that is not there, input that cannot be read
        """;

    private const string Samples =
        $"""
          The paths of a cluster, from files          {CommandLine.ProgramName} path deploy/
          One VM                                      {CommandLine.ProgramName} path vm/erp-db/vcs-node1 deploy/
          What runs now                               {CommandLine.ProgramName} path --cluster
          What would, after a change                  {CommandLine.ProgramName} path vm/erp-db/vcs-node1 --snapshot cluster.json change.yaml
          A picture for a ticket                      {CommandLine.ProgramName} path nad/erp-db/llt1 -o svg deploy/ > path.svg
          Prove it from inside the guests             {CommandLine.ProgramName} path --ping deploy/
        """;

    private static readonly ClusterKind[] Traced =
    [
        ClusterKind.VirtualMachine, ClusterKind.VirtualMachineInstance,
        ClusterKind.NetworkAttachmentDefinition, ClusterKind.UserDefinedNetwork, ClusterKind.ClusterUserDefinedNetwork,
    ];

    private static readonly Argument<string[]> Words = new("TARGET|PATH")
    {
        Description = "vm/NAMESPACE/NAME, nad/NAMESPACE/NAME, udn/NAMESPACE/NAME or cudn/NAME; files and folders, or - for standard input",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Format = CheckCommand.Choice(
        "--output", "-o", "A tree for the terminal, or for programs, wikis and tickets", "text", "text", "json", "mermaid", "svg");

    private static readonly Option<bool> PingOnly = new("--ping")
    {
        Description = "Print the commands that prove each path from inside its guest, instead of the path",
    };

    private static readonly Option<FileInfo?> ConfigurationFile = new("--config")
    {
        Description = "The webhook's configuration, YAML, for mtu.clusterNetwork",
        HelpName = "FILE",
    };

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public PathCommand(Terminal terminal)
        : base("path", "Shows the MTU of every hop from a VM or network down to the switch, per node, and marks the weakest", About, Samples)
    {
        Add(Words);
        Add(Format);
        Add(PingOnly);
        Add(ConfigurationFile);
        ClusterOptions.AddTo(this);
        Validators.Add(static parsed =>
        {
            if (parsed.GetValue(PingOnly) && parsed.GetValue(Format) is "mermaid" or "svg")
            {
                parsed.AddError("--ping prints text; -o json has the commands in any case");
            }
        });
        SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (CheckCommand.Settings(parsed.GetValue(ConfigurationFile), terminal) is not EnforcementSettings settings)
        {
            return ExitCode.CouldNotRun;
        }

        string[] words = parsed.GetValue(Words)!;
        string[] targets = [.. words.Where(PathTarget.IsTarget)];
        string[] sources = [.. words.Where(static word => !PathTarget.IsTarget(word))];
        if (sources.Length == 0 && !ClusterOptions.AreGiven(parsed))
        {
            terminal.Error.WriteLine("error: nothing to look at: name files or folders, - for standard input, --snapshot FILE or --cluster");
            return ExitCode.CouldNotRun;
        }

        bool isWhole = Read(sources, terminal, out List<Field> given);
        (bool isRead, ClusterObjects? below) = await ClusterOptions.ViewAsync(parsed, terminal, cancellation);
        if (!isRead)
        {
            return ExitCode.CouldNotRun;
        }

        var own = ClusterObjects.Given(given);
        ClusterObjects cluster = below is null ? own : own.Over(below);
        var context = new RuleContext { Now = terminal.Time.GetUtcNow(), Settings = settings.Rules, Cluster = cluster };
        if (Select(targets, Known(given, below), terminal) is not { } selected)
        {
            return ExitCode.CouldNotRun;
        }

        var tracer = new PathTracer(context);
        List<TracedPath> paths = [.. selected.SelectMany(item => item is VirtualMachine machine ? tracer.Trace(machine) : [tracer.Trace((NetworkDefinition)item)])];
        if (paths.Count == 0)
        {
            terminal.Error.WriteLine("error: no VM there is on a secondary network");
            return ExitCode.CouldNotRun;
        }

        Write(paths, parsed.GetValue(Format)!, parsed.GetValue(PingOnly), terminal);
        return paths.Any(static path => path.HasWeak || path.Break is not null) ? ExitCode.Findings : isWhole ? ExitCode.Clean : ExitCode.CouldNotRun;
    }

    private static void Write(List<TracedPath> paths, string format, bool isPing, Terminal terminal)
    {
        switch (format)
        {
            case "json":
                PathJson.Write(paths, terminal.Output);
                break;
            case "mermaid":
                PathMermaid.Write(paths, terminal.Output);
                break;
            case "svg":
                PathSvg.Write(paths, terminal.Output);
                break;
            default:
                var text = new PathText(terminal.Output, terminal.HasColour, terminal.Width);
                if (isPing)
                {
                    text.WritePings(paths);
                }
                else
                {
                    text.Write(paths);
                }

                break;
        }
    }

    private static bool Read(string[] sources, Terminal terminal, out List<Field> given)
    {
        List<Field> objects = given = [];
        bool isWhole = true;
        foreach (string path in CheckCommand.Files(sources, terminal))
        {
            ManifestFile file = ManifestFiles.Read(path, terminal.OpenInput);
            if (file.Text is null)
            {
                NotReadable(file.Error!);
                continue;
            }

            if (ManifestFiles.IsHelmTemplate(path) && file.Text.Contains("{{", StringComparison.Ordinal))
            {
                NotReadable(new UnreadablePart(file.Name, null, FileCheck.HelmTemplate));
                continue;
            }

            UnreadablePart? defect = FileCheck.Guard(file.Name, () =>
            {
                foreach (Manifest manifest in ManifestReader.Read(file.Text))
                {
                    if (manifest.Error is DocumentError error)
                    {
                        NotReadable(new UnreadablePart(file.Name, error.Position, error.Reason));
                    }
                    else
                    {
                        objects.Add(manifest.Root);
                    }
                }
            });
            if (defect is not null)
            {
                NotReadable(defect);
            }
        }

        return isWhole;

        void NotReadable(UnreadablePart part)
        {
            isWhole = false;
            terminal.Error.WriteLine($"not readable: {TextOutput.Place(part.File, part.Position)}: {part.Reason}");
        }
    }

    // Machines and networks: those of the input first, in its order; then what else the cluster holds.
    private static List<KubernetesObject> Known(List<Field> given, ClusterObjects? below)
    {
        List<KubernetesObject> known = [];
        foreach (Field root in given)
        {
            if (ResourceKinds.View(root) is KubernetesObject item and (VirtualMachine or NetworkDefinition) && !known.Exists(item.IsSameObjectAs))
            {
                known.Add(item);
            }
        }

        var own = known.Select(static item => (item.Kind, item.Namespace, item.Name)).ToHashSet();
        foreach (ClusterKind kind in below is null ? [] : Traced)
        {
            known.AddRange(below!.Objects(kind).Found.Where(item => !own.Contains((item.Kind, item.Namespace, item.Name))));
        }

        return known;
    }

    // What is to be traced, in the order of the targets or of what is known; null after an error was told.
    private static List<KubernetesObject>? Select(string[] targets, List<KubernetesObject> known, Terminal terminal)
    {
        if (targets.Length == 0)
        {
            List<KubernetesObject> found = Labelled(known);
            if (found.Count == 0)
            {
                terminal.Error.WriteLine(
                    $"error: no VM with the label {InfoScaleMetadata.Cluster} and no network with {InfoScaleMetadata.Role} there; name one, as in vm/NAMESPACE/NAME");
                return null;
            }

            return found;
        }

        var selected = new List<KubernetesObject>();
        foreach (string word in targets)
        {
            var target = new PathTarget(word);
            if (known.Find(target.Matches) is KubernetesObject item)
            {
                selected.Add(item);
                continue;
            }

            terminal.Error.WriteLine($"error: there is no {PlainText.OfLine(word)}");
            IReadOnlyList<string> nearest = Nearest.Of(word, known.Select(PathTarget.WordOf));
            if (nearest.Count > 0)
            {
                terminal.Error.WriteLine($"Did you mean {PlainText.OfLine(string.Join(" or ", nearest))}?");
            }

            return null;
        }

        return selected;
    }

    private static List<KubernetesObject> Labelled(List<KubernetesObject> known)
    {
        // An instance says the same as its machine.
        List<KubernetesObject> found = known.FindAll(static item => item is VirtualMachine { IsOptedIn: true, JudgedOwner: null });
        var used = new HashSet<(string Namespace, string Name)>();
        foreach (VirtualMachine machine in found.OfType<VirtualMachine>())
        {
            foreach (VirtualMachineNic nic in machine.Nics)
            {
                if (nic.Attachment(machine.Namespace) is { } attachment)
                {
                    used.Add(attachment);
                }
            }
        }

        found.AddRange(known.Where(item => item is NetworkDefinition { IsOptedIn: true, JudgedOwner: null } && !used.Any(attachment =>
            attachment.Name == item.Name && (attachment.Namespace == item.Namespace || item is UserDefinedNetwork { IsClusterScoped: true }))));
        return found;
    }
}
