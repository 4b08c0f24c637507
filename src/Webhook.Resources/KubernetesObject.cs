using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A typed view over the JSON of one Kubernetes object. It reads what it is asked for, keeps unknown fields and never changes anything;
/// a field of the wrong type is a value like any other.
/// </summary>
public abstract class KubernetesObject
{
    private readonly Field _labels, _annotations;

    /// <summary>A view over an object.</summary>
    /// <param name="root">The object, with the root path.</param>
    protected KubernetesObject(Field root)
    {
        Root = root;
        Metadata = root["metadata"];
        Spec = root["spec"];
        _labels = Metadata["labels"];
        _annotations = Metadata["annotations"];
    }

    /// <summary>The whole object.</summary>
    public Field Root { get; }

    /// <summary>Group and version, as written.</summary>
    public string ApiVersion => field ??= Root["apiVersion"].Text ?? "";

    /// <summary>The kind, as written.</summary>
    public string Kind => field ??= Root["kind"].Text ?? "";

    /// <summary>The metadata.</summary>
    public Field Metadata { get; }

    /// <summary>The spec.</summary>
    public Field Spec { get; }

    /// <summary>The name; with only <c>generateName</c> given that, followed by a star; empty if there is neither.</summary>
    public string Name => field ??= Metadata["name"].Text ?? (Metadata["generateName"].Text is string prefix ? prefix + "*" : "");

    /// <summary>The namespace, or empty for cluster-scoped objects and where a manifest leaves it to kubectl.</summary>
    public string Namespace => field ??= Metadata["namespace"].Text ?? "";

    /// <summary>The label of that key, by which the object opts in or is grouped.</summary>
    public Field Label(string key) => _labels[key];

    /// <summary>The annotation of that key.</summary>
    public Field Annotation(string key) => _annotations[key];

    /// <summary>The label that opts the object in; present with any value, known or not.</summary>
    public virtual Field OptInLabel => Label(InfoScaleMetadata.Role);

    /// <summary>Whether the object carries the label that opts it in.</summary>
    public bool IsOptedIn => OptInLabel.IsPresent;

    /// <summary>Whether both are one object at two moments: same kind, namespace and name.</summary>
    public bool IsSameObjectAs(KubernetesObject other) => Kind == other.Kind && Name == other.Name && Namespace == other.Namespace;

    /// <summary>Whether deletion has begun.</summary>
    public bool IsBeingDeleted => Metadata["deletionTimestamp"].IsPresent;

    /// <summary>Whether a controller owns the object: it compares it with what it rendered, and would write an addition back.</summary>
    public bool HasController
    {
        get
        {
            foreach (Field owner in Metadata["ownerReferences"].Items())
            {
                if (owner["controller"].Boolean == true)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>
    /// The owner that renders this object, as <c>Kind/name</c>, or null: a controller reference to a kind that is judged itself. What such
    /// a controller writes is never denied; the finding belongs to the owner.
    /// </summary>
    public string? JudgedOwner
    {
        get
        {
            foreach (Field owner in Metadata["ownerReferences"].Items())
            {
                if (owner["controller"].Boolean == true && ResourceKinds.IsJudged(owner["apiVersion"].Text, owner["kind"].Text))
                {
                    return $"{owner["kind"].Text}/{owner["name"].Text}";
                }
            }

            return null;
        }
    }
}
