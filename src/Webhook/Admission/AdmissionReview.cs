using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Admission;

/// <summary>
/// The request of an AdmissionReview of admission.k8s.io/v1 (kubernetes/api admission/v1/types.go), parsed once. Objects stay parsed JSON
/// over the bytes of the body, which must outlive the review; nothing of them may be asked once it is disposed of.
/// </summary>
internal sealed class AdmissionReview : IDisposable
{
    /// <summary>The one version that is answered.</summary>
    public const string ApiVersion = "admission.k8s.io/v1";

    private readonly Field _root;
    private KubernetesObject? _subject;
    private bool _isDisposed;

    private AdmissionReview(Field root, Field request, string uid)
    {
        _root = root;
        Uid = uid;
        Group = request["kind"]["group"].Text ?? "";
        Version = request["kind"]["version"].Text ?? "";
        Kind = request["kind"]["kind"].Text ?? "";
        IsJudgedKind = ResourceKinds.IsJudged($"{Group}/{Version}", Kind);
        SubResource = request["subResource"].Text ?? "";
        Name = request["name"].Text ?? "";
        Namespace = request["namespace"].Text ?? "";
        User = request["userInfo"];
        UserName = User["username"].Text ?? "";
        IsDryRun = request["dryRun"].Boolean == true;
        OperationWord = request["operation"].Text ?? "";
        Object = request["object"].At(FieldPath.Root);
        OldObject = request["oldObject"].At(FieldPath.Root);
    }

    /// <summary>Identifies the request; the response repeats it.</summary>
    public string Uid { get; }

    /// <summary>The API group of <see cref="Object"/>.</summary>
    public string Group { get; }

    /// <summary>The API version of <see cref="Object"/>.</summary>
    public string Version { get; }

    /// <summary>The kind of <see cref="Object"/>.</summary>
    public string Kind { get; }

    /// <summary>Whether objects of that group and kind are judged.</summary>
    public bool IsJudgedKind { get; }

    /// <summary>The subresource, or empty.</summary>
    public string SubResource { get; }

    /// <summary>The name; empty where the API server makes it from <c>generateName</c>.</summary>
    public string Name { get; }

    /// <summary>The namespace, or empty for cluster-scoped objects.</summary>
    public string Namespace { get; }

    /// <summary>Who asks, as the API server knows them: a UserInfo of authentication.k8s.io/v1.</summary>
    public Field User { get; }

    /// <summary>The name of who asks.</summary>
    public string UserName { get; }

    /// <summary>Whether nothing will be stored.</summary>
    public bool IsDryRun { get; }

    /// <summary>The operation as written: CREATE, UPDATE, DELETE, CONNECT.</summary>
    public string OperationWord { get; }

    /// <summary>The operation, or null for one that is not judged.</summary>
    public Operation? Operation => OperationWord switch
    {
        "CREATE" => Rules.Operation.Create,
        "UPDATE" => Rules.Operation.Update,
        "DELETE" => Rules.Operation.Delete,
        _ => null,
    };

    /// <summary>The object as it will be; missing on DELETE.</summary>
    public Field Object { get; }

    /// <summary>The view of <see cref="Object"/>, made once for all who ask; null where it is no object of a kind that is judged.</summary>
    public KubernetesObject? Subject => _subject ??= Object.IsMap ? ResourceKinds.View(Object) : null;

    /// <summary>The object as it is; missing on CREATE.</summary>
    public Field OldObject { get; }

    /// <summary>Reads a body; exactly one of the two results is set.</summary>
    /// <param name="body">The bytes of the body.</param>
    /// <param name="review">The review, or null.</param>
    /// <param name="error">Why there is none: one clause for the caller, which quotes nothing of the body but its version and kind.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out AdmissionReview? review, [NotNullWhen(false)] out string? error)
    {
        review = null;
        try
        {
            // The parser lets bad bytes and lone surrogates in strings pass, and throws when they are read. A Go client cannot send either.
            if (!JsonText.IsUnicode(body.Span))
            {
                error = "the body is not valid UTF-8";
                return false;
            }

            review = Of(Field.ParseLent(body), out error);
        }
        catch (JsonException exception)
        {
            error = $"the body is no JSON: {JsonText.Describe(exception)}";
        }

        return review is not null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Twice would lend it to two.
        if (!_isDisposed)
        {
            _isDisposed = true;
            _root.Return();
        }
    }

    private static AdmissionReview? Of(Field root, out string? error)
    {
        Field request = root["request"];
        error = null;
        if (!root.IsMap)
        {
            error = "the body is no JSON object";
        }
        else if (root["kind"].Text != "AdmissionReview")
        {
            error = $"kind: must be \"AdmissionReview\", is {root["kind"]}";
        }
        else if (root["apiVersion"].Text != ApiVersion)
        {
            error = $"apiVersion: must be \"{ApiVersion}\", is {root["apiVersion"]}";
        }
        else if (!request.IsMap)
        {
            error = $"request: must be an object, is {request}";
        }
        else if (request["uid"].Text is not { Length: > 0 and <= 256 } uid)
        {
            error = "request.uid: must be a string of 1 to 256 characters";
        }
        else
        {
            return new AdmissionReview(root, request, uid);
        }

        return null;
    }
}
