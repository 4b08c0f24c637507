namespace Webhook.Enforcement;

/// <summary>What a rule that throws does to the request (<c>onRuleFailure</c>).</summary>
public enum RuleFailureAction
{
    /// <summary>It warns; the other rules decide.</summary>
    Warn,

    /// <summary>It denies where the mode is <c>enforce</c>.</summary>
    Deny,
}
