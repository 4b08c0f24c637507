using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Webhook.Cluster;
using Webhook.Hosting;
using Webhook.Resources.Json;

namespace Webhook.Admission;

/// <summary>
/// Knows who may exempt, where <c>exemptions.requirePermission</c> is set: asks the API server by a SubjectAccessReview
/// (kubernetes/api authorization/v1 types.go) for the verb <see cref="Verb"/> on <c>rules.infoscale.internal</c>, with the rule as the name.
/// A review waits for that, so it is bounded: in time, in number, and answers are kept for a moment. See Decisions/0003.
/// </summary>
/// <param name="client">Calls the API server.</param>
/// <param name="time">The clock of patience and of kept answers.</param>
/// <param name="metrics">Counts the questions.</param>
/// <param name="logger">Tells of those that got no answer.</param>
internal sealed class ExemptionPermissions(ApiClient client, TimeProvider time, WebhookMetrics metrics, ILogger<ExemptionPermissions> logger)
{
    /// <summary>The verb that is asked for.</summary>
    public const string Verb = "exempt";

    /// <summary>The group of the resource that is asked for; no such resource exists, only rights on it.</summary>
    public const string Group = "infoscale.internal";

    /// <summary>The resource that is asked for; its names are the ids of rules.</summary>
    public const string Resource = "rules";

    /// <summary>Why nobody may exempt where no API server is there to ask.</summary>
    public const string NobodyToAsk = "there is no API server to ask whether the user may exempt";

    /// <summary>The longest that a review waits for all its answers.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer counts: a burst of one user is one question, a right that was taken away ends soon.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    /// <summary>The most answers that are kept.</summary>
    public const int MostKept = 1024;

    /// <summary>The most rules that are asked about for one review.</summary>
    public const int MostRules = 8;

    private const int MostAtOnce = 16;
    private const string Call = "create subjectaccessreviews.authorization.k8s.io";

    private readonly ConcurrentDictionary<Question, Answer> _kept = new();
    private readonly ConcurrentDictionary<Question, Lazy<Task<string?>>> _asking = new();

    /// <summary>The permission of the one who makes a request; nothing is asked yet.</summary>
    public ExemptionPermission Of(AdmissionReview review) => new(this, review);

    /// <summary>An answer that still counts: null where the user may, else why not.</summary>
    /// <param name="question">What would be asked.</param>
    /// <param name="why">The answer.</param>
    internal bool TryGet(Question question, out string? why)
    {
        bool isKnown = _kept.TryGetValue(question, out Answer answer) && time.GetElapsedTime(answer.Since) < Kept;
        why = isKnown ? answer.Why : null;
        return isKnown;
    }

    /// <summary>Asks, or joins those who ask the same.</summary>
    /// <returns>Null where the user may, else why not.</returns>
    internal Task<string?> AskAsync(Question question, Field user) =>
        _asking.Count >= MostAtOnce && !_asking.ContainsKey(question)
            ? Task.FromResult<string?>("too many ask at once whether a user may exempt")
            : _asking.GetOrAdd(question, _ => new Lazy<Task<string?>>(() => StartAsync(question, Body(question, user)))).Value;

    private static byte[] Body(Question question, Field user)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", "authorization.k8s.io/v1");
            writer.WriteString("kind", "SubjectAccessReview");
            writer.WriteStartObject("spec");
            foreach ((string from, string to) in ((string, string)[])[("username", "user"), ("uid", "uid"), ("groups", "groups"), ("extra", "extra")])
            {
                if (user[from].IsPresent)
                {
                    writer.WritePropertyName(to);
                    user[from].WriteTo(writer);
                }
            }

            writer.WriteStartObject("resourceAttributes");
            writer.WriteString("namespace", question.Namespace);
            writer.WriteString("verb", Verb);
            writer.WriteString("group", Group);
            writer.WriteString("resource", Resource);
            writer.WriteString("name", question.Rule);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private async Task<string?> StartAsync(Question question, byte[] body)
    {
        await Task.Yield();
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            ApiResult<Field> answer = await client.SendAsync(HttpMethod.Post, "apis/authorization.k8s.io/v1/subjectaccessreviews", Call, body, patience.Token);
            return answer.Error is ApiError error ? Failed(error.Label, error.Message)
                : answer.Value["status"]["allowed"].Boolean is bool allowed ? Keep(question, allowed)
                : Failed("malformed", $"{Call}: the answer has no status.allowed");
        }
        catch (OperationCanceledException)
        {
            return Failed("timeout", $"{Call}: no answer within {Patience.TotalSeconds} s");
        }
        finally
        {
            _asking.TryRemove(question, out _);
        }
    }

    private string? Keep(Question question, bool allowed)
    {
        metrics.PermissionAsked(allowed);
        string? why = allowed ? null : $"the user lacks the verb {Verb} on {Resource}.{Group}";
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        _kept[question] = new Answer(why, time.GetTimestamp());
        return why;
    }

    // Not kept: the next request tries again.
    private string Failed(string label, string reason)
    {
        metrics.PermissionAsked(null);
        Log.PermissionNotAsked(logger, reason);
        return $"the API server did not say whether the user may exempt ({label})";
    }

    private readonly record struct Answer(string? Why, long Since);
}

/// <summary>What is asked.</summary>
/// <param name="User">A digest of all that the API server knows of the user.</param>
/// <param name="Namespace">The namespace, or empty for cluster-scoped objects.</param>
/// <param name="Rule">The id of the rule.</param>
internal readonly record struct Question(string User, string Namespace, string Rule);

/// <summary>
/// The permission of the one who makes one request. A first look at the request finds out what has to be asked
/// (<see cref="IsOpen"/>), <see cref="AskAsync"/> asks, and a second look has the answers.
/// </summary>
/// <param name="permissions">Asks.</param>
/// <param name="review">The request.</param>
internal sealed class ExemptionPermission(ExemptionPermissions permissions, AdmissionReview review)
{
    private readonly Dictionary<string, string?> _answers = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];
    private readonly string _user = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(review.User.IsPresent ? review.User.Json : "")));
    private bool _isAsked;

    /// <summary>Whether something has to be asked before what <see cref="WhyNot"/> said counts.</summary>
    public bool IsOpen => !_isAsked && _open.Count > 0;

    /// <summary>Why the user may not exempt from a rule, or null; null also where that is not known yet.</summary>
    public string? WhyNot(string rule)
    {
        if (_answers.TryGetValue(rule, out string? why))
        {
            return why;
        }

        if (permissions.TryGet(new Question(_user, review.Namespace, rule), out why))
        {
            _answers[rule] = why;
            return why;
        }

        if (_isAsked)
        {
            return "it was not asked in time whether the user may exempt";
        }

        if (_open.Count >= ExemptionPermissions.MostRules)
        {
            return $"the API server is asked about {ExemptionPermissions.MostRules} rules for one request at most";
        }

        _open.Add(rule);
        _answers[rule] = null;
        return null;
    }

    /// <summary>Asks all that is open, at once; what is not answered within the deadline exempts nothing.</summary>
    /// <param name="deadline">Gives up waiting.</param>
    public async Task AskAsync(CancellationToken deadline)
    {
        using Activity? span = Spans.OfCall("ask who may exempt");
        _isAsked = true;
        Task<string?>[] asking = [.. _open.Select(rule => permissions.AskAsync(new Question(_user, review.Namespace, rule), review.User))];
        for (int i = 0; i < asking.Length; i++)
        {
            _answers.Remove(_open[i]);
            try
            {
                _answers[_open[i]] = await asking[i].WaitAsync(deadline);
            }
            catch (OperationCanceledException)
            {
                // WhyNot says so.
            }
        }
    }
}
