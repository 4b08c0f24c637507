using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Editing;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Fixing;

/// <summary>
/// Applies the fixes of findings to the text of files. As in a check, all files together are the cluster that each object is judged in, so that
/// what is mended in one file counts in the others.
/// </summary>
/// <param name="settings">The configured severities and numbers.</param>
/// <param name="assumedRole">The role that unlabelled objects are taken to have, or null.</param>
/// <param name="now">The moment of the run.</param>
/// <param name="isUnsafe">Whether fixes are applied too that may change what the author asked for.</param>
public sealed class FileFix(EnforcementSettings settings, NetworkRole? assumedRole, DateTimeOffset now, bool isUnsafe)
{
    // A network may wait for its node, a guest for its network; more levels than that there are none.
    private const int MaxRounds = 4;

    private readonly List<Entry> _objects = [];
    private readonly List<ManifestFile> _files = [];

    private sealed class Entry(int file, Manifest manifest)
    {
        public int File { get; } = file;

        public Manifest Manifest { get; } = manifest;

        public KubernetesObject? Subject { get; set; } = ResourceKinds.View(manifest.Root);

        public List<FieldChange> Changes { get; } = [];

        public List<Finding> Mended { get; } = [];

        public IReadOnlyList<(Finding Finding, string Why)> Refused { get; set; } = [];

        public Field Root => Subject?.Root ?? Manifest.Root;
    }

    /// <summary>Adds the objects of one file; what cannot be read stays as it is, and the check says why.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isHelmTemplate">Whether the file is a template of a Helm chart, which is no manifest yet.</param>
    public void Add(ManifestFile file, bool isHelmTemplate = false)
    {
        _files.Add(file);
        if (file.Text is not string text || (isHelmTemplate && text.Contains("{{", StringComparison.Ordinal)))
        {
            return;
        }

        Guard(() =>
        {
            foreach (Manifest manifest in ManifestReader.Read(text))
            {
                if (manifest.Error is null)
                {
                    _objects.Add(new Entry(_files.Count - 1, manifest));
                }
            }

            return true;
        });
    }

    /// <summary>What fixes make of the files, in the order in which they were added.</summary>
    public IReadOnlyList<FixedFile> Run()
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            bool isChanged = false;
            var cluster = ClusterObjects.Given(_objects.Select(static entry => entry.Root));
            foreach (Entry entry in _objects)
            {
                isChanged |= entry.Subject is KubernetesObject subject && Guard(() => Mend(entry, subject, cluster));
            }

            if (!isChanged)
            {
                break;
            }
        }

        return [.. _files.Select((file, at) => Edited(file, [.. _objects.Where(entry => entry.File == at)]))];
    }

    private bool Mend(Entry entry, KubernetesObject subject, ClusterView cluster)
    {
        var context = new RuleContext { IsMending = true, Now = now, Settings = settings.Rules, AssumedRole = assumedRole, Cluster = cluster };
        Repair repair = Repair.Of(
            subject, state => Judge.Evaluate(state, context, settings), fix => isUnsafe || fix.Applicability == FixAvailability.Safe);
        entry.Refused = repair.Refused;
        entry.Subject = repair.Subject;
        entry.Changes.RemoveAll(known => repair.Changes.Any(change => change.Path.ToString() == known.Path.ToString()));
        entry.Changes.AddRange(repair.Changes);
        entry.Mended.AddRange(repair.Mended);
        return repair.Changes.Count > 0;
    }

    private static FixedFile Edited(ManifestFile file, List<Entry> entries)
    {
        if (file.Text is not string text)
        {
            return new FixedFile(file, "", [], [], []);
        }

        IReadOnlyList<TextEdit> edits = ManifestEditor.Edits(
            [.. entries.Where(static entry => entry.Changes.Count > 0).Select(static entry => (entry.Manifest, (IReadOnlyList<FieldChange>)entry.Changes))],
            out IReadOnlyList<(Manifest Manifest, string Why)> refused);
        var applied = new List<AppliedFix>();
        var left = new List<RefusedFix>();
        foreach (Entry entry in entries)
        {
            string? why = refused.FirstOrDefault(one => ReferenceEquals(one.Manifest, entry.Manifest)).Why;
            foreach (Finding finding in entry.Mended)
            {
                Position position = entry.Manifest.Locate(finding.Path);
                if (why is null)
                {
                    applied.Add(new AppliedFix(finding, position));
                }
                else
                {
                    left.Add(new RefusedFix(entry.Manifest.Locate(FieldPath.Root), finding, why));
                }
            }

            left.AddRange(entry.Refused.Select(one => new RefusedFix(entry.Manifest.Locate(FieldPath.Root), one.Finding, one.Why)));
        }

        return new FixedFile(file, TextEdit.Apply(text, edits), edits, applied, left);
    }

    private static bool Guard(Func<bool> work)
    {
        try
        {
            return work();
        }
#pragma warning disable CA1031 // Whatever a reader lets through on hostile input is a defect of the reader; the check of the same file names it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}

/// <summary>What fixes make of a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Text">Its text with the fixes applied.</param>
/// <param name="Edits">What is edited, in order; none where nothing is.</param>
/// <param name="Applied">The fixes.</param>
/// <param name="Refused">The fixes that were allowed, but could not be applied.</param>
public sealed record FixedFile(
    ManifestFile File, string Text, IReadOnlyList<TextEdit> Edits, IReadOnlyList<AppliedFix> Applied, IReadOnlyList<RefusedFix> Refused);

/// <summary>A finding whose fix was applied.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Position">Where it stood in the file as it was.</param>
public sealed record AppliedFix(Finding Finding, Position Position);

/// <summary>A finding whose fix could not be applied.</summary>
/// <param name="Object">Where its object begins in the file as it was.</param>
/// <param name="Finding">The finding.</param>
/// <param name="Why">Why not, as a clause.</param>
public sealed record RefusedFix(Position Object, Finding Finding, string Why);
