namespace Webhook.Resources;

/// <summary>What an InfoScale network carries.</summary>
public enum NetworkRole
{
    /// <summary>Heartbeats and cluster traffic of a private LLT link.</summary>
    Llt,

    /// <summary>A low-priority LLT link, usually the public network.</summary>
    LltLowpri,

    /// <summary>iSCSI storage traffic.</summary>
    Iscsi,
}

/// <summary>The words for <see cref="NetworkRole"/>.</summary>
public static class NetworkRoles
{
    /// <summary>The role that a label value or annotation entry names, or null for any other word.</summary>
    public static NetworkRole? Parse(string? word) => word switch
    {
        "llt" => NetworkRole.Llt,
        "llt-lowpri" => NetworkRole.LltLowpri,
        "iscsi" => NetworkRole.Iscsi,
        _ => null,
    };

    /// <summary>The word for a role, as labels and messages have it.</summary>
    public static string Word(this NetworkRole role) => role switch
    {
        NetworkRole.Llt => "llt",
        NetworkRole.LltLowpri => "llt-lowpri",
        _ => "iscsi",
    };
}
