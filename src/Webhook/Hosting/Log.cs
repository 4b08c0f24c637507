namespace Webhook.Hosting;

/// <summary>All log lines. None holds a value of an object: names, kinds, users and rule ids only.</summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.Denied, LogLevel.Information,
        "Denied {Operation} of {Kind} {ObjectNamespace}/{Name} by {User}: {Rules} (dry run {DryRun}, uid {Uid})")]
    public static partial void Denied(
        ILogger logger, string operation, string kind, string objectNamespace, string name, string user, string rules, bool dryRun, string uid);

    [LoggerMessage(EventIds.MalformedObject, LogLevel.Warning, "Malformed {Operation} of {Kind}: {Problem} (user {User}, uid {Uid})")]
    public static partial void MalformedObject(
        ILogger logger, string operation, string kind, string problem, string user, string uid);

    [LoggerMessage(
        EventIds.Injected, LogLevel.Information, "Injected into {Kind} {ObjectNamespace}/{Name}: {Injected} (by {User}, dry run {IsDryRun}, uid {Uid})")]
    public static partial void Injected(
        ILogger logger, string kind, string objectNamespace, string name, string injected, string user, bool isDryRun, string uid);

    [LoggerMessage(EventIds.MutationFailed, LogLevel.Error, "Mutation of a {Kind} failed with {Exception} (uid {Uid})\n{Stack}")]
    public static partial void MutationFailed(ILogger logger, string kind, string exception, string stack, string uid);

    [LoggerMessage(EventIds.PermissionNotAsked, LogLevel.Warning, "An exemption does not count, since nobody says whether the user may exempt: {Reason}")]
    public static partial void PermissionNotAsked(ILogger logger, string reason);

    [LoggerMessage(EventIds.Refused, LogLevel.Warning, "Refused a request from {Address} with {Code}: {Reason}")]
    public static partial void Refused(ILogger logger, int code, string reason, string address);

    [LoggerMessage(EventIds.RuleFailed, LogLevel.Error, "Rule {Rule} threw {Exception} (uid {Uid})\n{Stack}")]
    public static partial void RuleFailed(ILogger logger, string rule, string exception, string stack, string uid);

    [LoggerMessage(EventIds.Started, LogLevel.Information, "Version {Version} listens on {Address}, mode {Mode}, {Rules} rules")]
    public static partial void Started(ILogger logger, string version, string address, string mode, int rules);

    [LoggerMessage(EventIds.WarmedUp, LogLevel.Information, "Ready after {Reviews} warm-up reviews in {Milliseconds} ms")]
    public static partial void WarmedUp(ILogger logger, int reviews, long milliseconds);

    [LoggerMessage(EventIds.Stopping, LogLevel.Information, "Stopping: not ready any more, closing in {Seconds} s")]
    public static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(
        EventIds.MemoryReturned, LogLevel.Information, "Gave back {Returned} MiB of memory and keeps {Kept} MiB; answers waited for {Milliseconds:0.0} ms")]
    public static partial void MemoryReturned(ILogger logger, long returned, long kept, double milliseconds);

    [LoggerMessage(EventIds.ConfigurationLoaded, LogLevel.Information, "Configuration {File} is in force: mode {Mode}")]
    public static partial void ConfigurationLoaded(ILogger logger, string file, string mode);

    [LoggerMessage(EventIds.ConfigurationRejected, LogLevel.Error, "Configuration kept as it was; {File} cannot be used:\n{Errors}")]
    public static partial void ConfigurationRejected(ILogger logger, string file, string errors);

    [LoggerMessage(EventIds.CertificateLoaded, LogLevel.Information, "Certificate {Subject} is served, valid until {NotAfter}")]
    public static partial void CertificateLoaded(ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(EventIds.CertificateRejected, LogLevel.Error, "Certificate kept as it was; {Reason}")]
    public static partial void CertificateRejected(ILogger logger, string reason);

    [LoggerMessage(EventIds.CertificateIssued, LogLevel.Information, "A certificate was made, valid until {NotAfter}, and stored in Secret {Secret}")]
    public static partial void CertificateIssued(ILogger logger, string secret, DateTimeOffset notAfter);

    [LoggerMessage(EventIds.CertificateAuthorityPublished, LogLevel.Information, "{Kind} {Name} trusts the certificate now: caBundle of {Count} webhooks changed")]
    public static partial void CertificateAuthorityPublished(ILogger logger, string kind, string name, int count);

    [LoggerMessage(EventIds.CertificateCallFailed, LogLevel.Warning, "The last state of the certificate stays, and it is tried again; {Reason}")]
    public static partial void CertificateCallFailed(ILogger logger, string reason);

    [LoggerMessage(EventIds.CertificateDistrusted, LogLevel.Error, "The API server does not trust the certificate that is served in {Count} webhooks; {Reason}")]
    public static partial void CertificateDistrusted(ILogger logger, int count, string reason);

    [LoggerMessage(EventIds.CertificateTrusted, LogLevel.Information, "The API server trusts the certificate that is served")]
    public static partial void CertificateTrusted(ILogger logger);

    [LoggerMessage(EventIds.CertificateFailed, LogLevel.Error, "Looking after the certificate broke off: {Exception}\n{Stack}")]
    public static partial void CertificateFailed(ILogger logger, string exception, string stack);

    [LoggerMessage(EventIds.ClientAuthorityRejected, LogLevel.Error, "Client authorities kept as they were; {Reason}")]
    public static partial void ClientAuthorityRejected(ILogger logger, string reason);

    [LoggerMessage(EventIds.ClusterListed, LogLevel.Information, "Listed {Kind}: {Count} objects, {Bytes} bytes")]
    public static partial void ClusterListed(ILogger logger, string kind, int count, long bytes);

    [LoggerMessage(EventIds.ClusterKindAbsent, LogLevel.Information, "The cluster does not serve {Kind}; it is looked for again from time to time")]
    public static partial void ClusterKindAbsent(ILogger logger, string kind);

    [LoggerMessage(EventIds.ClusterCallFailed, LogLevel.Warning, "The last view of {Kind} stays; {Reason}")]
    public static partial void ClusterCallFailed(ILogger logger, string kind, string reason);

    [LoggerMessage(EventIds.ClusterKindForbidden, LogLevel.Error, "What rests on {Kind} is not verified: the ClusterRole must allow list and watch; {Reason}")]
    public static partial void ClusterKindForbidden(ILogger logger, string kind, string reason);

    [LoggerMessage(EventIds.AuditHeld, LogLevel.Information, "This replica holds the audit")]
    public static partial void AuditHeld(ILogger logger);

    [LoggerMessage(EventIds.AuditGivenUp, LogLevel.Information, "This replica no longer holds the audit")]
    public static partial void AuditGivenUp(ILogger logger);

    [LoggerMessage(EventIds.Audited, LogLevel.Information,
        "Audited {Objects} objects, {Found} with findings: judged in {Judging} ms, with all writes in {Milliseconds} ms")]
    public static partial void Audited(ILogger logger, int objects, int found, long judging, long milliseconds);

    [LoggerMessage(EventIds.AuditChanged, LogLevel.Information, "Audit: {Kind} {ObjectNamespace}/{Name} is now {Now}, was {Before}")]
    public static partial void AuditChanged(ILogger logger, string kind, string objectNamespace, string name, string now, string before);

    [LoggerMessage(EventIds.AuditEventsCut, LogLevel.Information, "No Event was written for {Count} more changes")]
    public static partial void AuditEventsCut(ILogger logger, int count);

    [LoggerMessage(EventIds.AuditCallFailed, LogLevel.Warning, "Audit: {Problem}")]
    public static partial void AuditCallFailed(ILogger logger, string problem);

    [LoggerMessage(EventIds.AuditFailed, LogLevel.Error, "Audit broke off: {Exception}\n{Stack}")]
    public static partial void AuditFailed(ILogger logger, string exception, string stack);
}
