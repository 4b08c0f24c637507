namespace Webhook.Hosting;

/// <summary>The numbers of log events. A number is never used again for something else: people filter by it.</summary>
internal static class EventIds
{
    /// <summary>A request was denied.</summary>
    public const int Denied = 1000;

    /// <summary>The object of a review is not what the review says.</summary>
    public const int MalformedObject = 1001;

    /// <summary>A request was no review.</summary>
    public const int Refused = 1002;

    /// <summary>Values were injected into an object.</summary>
    public const int Injected = 1003;

    /// <summary>The API server did not say whether a user may exempt.</summary>
    public const int PermissionNotAsked = 1102;

    /// <summary>The mutation of an object failed; it went on unchanged.</summary>
    public const int MutationFailed = 1101;

    /// <summary>A rule threw.</summary>
    public const int RuleFailed = 1100;

    /// <summary>The server listens.</summary>
    public const int Started = 2000;

    /// <summary>The warm-up is done.</summary>
    public const int WarmedUp = 2001;

    /// <summary>The server has been told to stop.</summary>
    public const int Stopping = 2002;

    /// <summary>Memory that a burst had left behind was given back.</summary>
    public const int MemoryReturned = 2003;

    /// <summary>A new configuration is in force.</summary>
    public const int ConfigurationLoaded = 2100;

    /// <summary>A changed configuration cannot be used; the last good one stays.</summary>
    public const int ConfigurationRejected = 2101;

    /// <summary>A new certificate is served.</summary>
    public const int CertificateLoaded = 2200;

    /// <summary>A changed certificate cannot be used; the last good one stays.</summary>
    public const int CertificateRejected = 2201;

    /// <summary>A certificate was made and stored for all replicas.</summary>
    public const int CertificateIssued = 2202;

    /// <summary>A webhook configuration has been made to trust a certificate.</summary>
    public const int CertificateAuthorityPublished = 2203;

    /// <summary>A call of the API server about certificates failed; it is tried again.</summary>
    public const int CertificateCallFailed = 2204;

    /// <summary>The API server does not trust the certificate that is served.</summary>
    public const int CertificateDistrusted = 2205;

    /// <summary>It does again.</summary>
    public const int CertificateTrusted = 2206;

    /// <summary>A changed file of client authorities cannot be used; the last good one stays.</summary>
    public const int ClientAuthorityRejected = 2207;

    /// <summary>Looking after the certificate broke off by a defect of this program; it is tried again.</summary>
    public const int CertificateFailed = 2208;

    /// <summary>A kind was listed completely.</summary>
    public const int ClusterListed = 2300;

    /// <summary>The cluster does not serve a kind.</summary>
    public const int ClusterKindAbsent = 2301;

    /// <summary>A call of the API server failed; the last view stays.</summary>
    public const int ClusterCallFailed = 2302;

    /// <summary>A kind may not be read; what rests on it is not verified.</summary>
    public const int ClusterKindForbidden = 2303;

    /// <summary>This replica holds the background audit.</summary>
    public const int AuditHeld = 3000;

    /// <summary>This replica no longer holds the background audit.</summary>
    public const int AuditGivenUp = 3001;

    /// <summary>Everything was judged.</summary>
    public const int Audited = 3002;

    /// <summary>The result of an object has changed.</summary>
    public const int AuditChanged = 3003;

    /// <summary>More results changed than Events are written for.</summary>
    public const int AuditEventsCut = 3004;

    /// <summary>Something could not be written.</summary>
    public const int AuditCallFailed = 3005;

    /// <summary>The audit broke off by a defect of this program.</summary>
    public const int AuditFailed = 3006;
}
