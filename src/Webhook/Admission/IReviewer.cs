using Webhook.Rules;

namespace Webhook.Admission;

/// <summary>Answers reviews, in memory and without waiting for anything: with a verdict, or with a patch.</summary>
internal interface IReviewer
{
    /// <summary>The answer to a request.</summary>
    /// <param name="review">The request.</param>
    /// <param name="isOver">Asked between rules: whether there is no time left; null where there always is.</param>
    /// <param name="seen">The cluster, where more was seen for this request than is known now; else null.</param>
    /// <param name="permission">What an answer before this one asked for (<see cref="AdmissionResponse.Asks"/>), answered; else null.</param>
    AdmissionResponse Review(AdmissionReview review, Func<bool>? isOver = null, ClusterView? seen = null, ExemptionPermission? permission = null);

    /// <summary>The answer to a request that was not evaluated at all.</summary>
    /// <param name="shortage">What it would have taken.</param>
    AdmissionResponse NotEvaluated(Shortage shortage);
}
