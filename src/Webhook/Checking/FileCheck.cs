using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Checking;

/// <summary>
/// Judges the objects of files, by the same <see cref="Judge"/> as the webhook. All files together are the cluster that each object is judged
/// in, laid over another where one is given: an object that is there already is judged as its update. One bad file never stops the others.
/// </summary>
/// <param name="settings">The configured severities and numbers.</param>
/// <param name="assumedRole">The role that unlabelled objects are taken to have, or null.</param>
/// <param name="now">The moment of the run.</param>
/// <param name="below">The cluster that the files are meant for, or null.</param>
/// <param name="ownNamespace">The namespace of objects that name none, or null where that stays unknown.</param>
public sealed class FileCheck(
    EnforcementSettings settings, NetworkRole? assumedRole, DateTimeOffset now, ClusterObjects? below = null, string? ownNamespace = null)
{
    /// <summary>Reason of a document without apiVersion or kind.</summary>
    public const string NoObject = "not a Kubernetes object";

    /// <summary>Reason of an object of a kind that no rule is about.</summary>
    public const string OtherKind = "not a kind that is judged";

    /// <summary>Reason of a file of a Helm chart that still holds template actions.</summary>
    public const string HelmTemplate = "a Helm template; render it first: helm template CHART | infoscale-webhook check -";

    private readonly List<CheckedObject> _objects = [];
    private readonly List<UnreadablePart> _unreadable = [];
    private readonly List<Field> _given = [];
    private readonly List<(int Place, Manifest Manifest, KubernetesObject Subject)> _judged = [];
    private int _files;

    /// <summary>The cluster that the objects were judged in; empty before <see cref="Report"/>.</summary>
    public ClusterObjects Cluster { get; private set; } = ClusterObjects.Empty;

    /// <summary>Judges all objects that were added, once no more are to come.</summary>
    public CheckReport Report()
    {
        var given = ClusterObjects.Given(_given);
        ClusterObjects cluster = Cluster = below is null ? given : given.Over(below);
        foreach ((int place, Manifest manifest, KubernetesObject subject) in _judged)
        {
            CheckedObject described = _objects[place];
            Guarded(described.File, () => _objects[place] = Judged(described, manifest, subject, cluster));
        }

        _judged.Clear();
        return new CheckReport { Files = _files, Objects = _objects, Unreadable = _unreadable };
    }

    /// <summary>Adds the objects of one file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isHelmTemplate">Whether the file is a template of a Helm chart.</param>
    public void Add(ManifestFile file, bool isHelmTemplate = false)
    {
        _files++;
        if (file.Text is null)
        {
            _unreadable.Add(file.Error!);
            return;
        }

        if (isHelmTemplate && file.Text.Contains("{{", StringComparison.Ordinal))
        {
            _objects.Add(Describe(file.Name, new Position(1, 1), null) with { NotJudged = HelmTemplate });
            return;
        }

        Guarded(file.Name, () =>
        {
            foreach (Manifest manifest in ManifestReader.Read(file.Text))
            {
                Add(file.Name, manifest);
            }
        });
    }

    /// <summary>Runs something that reads a file, and makes of what it throws the part that cannot be read; null where it throws nothing.</summary>
    internal static UnreadablePart? Guard(string file, Action read)
    {
        try
        {
            read();
            return null;
        }
#pragma warning disable CA1031 // Whatever a reader lets through on hostile input is a defect of the reader, and must not cost the other files.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new UnreadablePart(file, null, $"cannot be read, by a defect of this program ({exception.GetType().Name})");
        }
    }

    private void Guarded(string file, Action read)
    {
        if (Guard(file, read) is UnreadablePart defect)
        {
            _unreadable.Add(defect);
        }
    }

    private static CheckedObject Describe(string file, Position position, Manifest? manifest) => new()
    {
        File = file,
        Position = position,
        ApiVersion = manifest?.Root["apiVersion"].Text ?? "",
        Kind = manifest?.Root["kind"].Text ?? "",
        Namespace = manifest?.Root["metadata"]["namespace"].Text ?? "",
        Name = manifest?.Root["metadata"]["name"].Text ?? "",
        Uid = manifest?.Root["metadata"]["uid"].Text ?? "",
    };

    private void Add(string file, Manifest manifest)
    {
        if (manifest.Error is DocumentError error)
        {
            _unreadable.Add(new UnreadablePart(file, error.Position, error.Reason));
            return;
        }

        CheckedObject described = Describe(file, manifest.Locate(manifest.Root.Path), manifest);
        Field root = Completed(manifest.Root);
        described = described with { Namespace = root["metadata"]["namespace"].Text ?? "" };
        _given.Add(root);
        if (ResourceKinds.View(root) is KubernetesObject subject)
        {
            _judged.Add((_objects.Count, manifest, subject));
            _objects.Add(described with { Name = subject.Name });
            return;
        }

        bool isObject = described is { ApiVersion.Length: > 0, Kind.Length: > 0 };
        _objects.Add(described with { NotJudged = isObject ? OtherKind : NoObject });
    }

    // What the cluster fills in on its own, so that a manifest that leaves it out does not seem to change it.
    private Field Completed(Field root)
    {
        if (ownNamespace is not null && IsNamespaced(root) && root["metadata"]["namespace"].IsMissing)
        {
            root = ClusterDefaults.InNamespace(root, ownNamespace);
        }

        return below is not null && ResourceKinds.View(root) is VirtualMachine machine && below.Current(machine) is VirtualMachine old
            ? ClusterDefaults.WithHardwareAddressesOf(old, machine)
            : root;
    }

    private static bool IsNamespaced(Field root) =>
        ClusterKind.Find(root["apiVersion"].Text, root["kind"].Text) is ClusterKind kind ? kind.IsNamespaced : ResourceKinds.View(root) is not null;

    private CheckedObject Judged(CheckedObject described, Manifest manifest, KubernetesObject subject, ClusterView cluster)
    {
        KubernetesObject? old = below?.Current(subject);
        var context = new RuleContext
        {
            Now = now,
            Settings = settings.Rules,
            AssumedRole = assumedRole,
            Cluster = cluster,
            Operation = old is null ? Operation.Create : Operation.Update,
            Old = old,
        };
        Judgement judgement = Judge.Evaluate(subject, context, settings);
        return described with
        {
            Cluster = (subject as VirtualMachine)?.Cluster ?? "",
            NotJudged = judgement.NotJudged,
            Findings = [.. judgement.Findings.Select(finding => new LocatedFinding(finding, manifest.Locate(finding.Path)))],
            Failures = judgement.Failures,
        };
    }
}
