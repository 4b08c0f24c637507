namespace Webhook.Resources.Json;

/// <summary>What stands at a field. Absence is a kind of its own, so that asking for it is no error.</summary>
public enum FieldKind
{
    /// <summary>Nothing stands there.</summary>
    Absent,

    /// <summary>JSON <c>null</c>, which the API server treats as absent for most fields.</summary>
    Null,

    /// <summary>A JSON string.</summary>
    String,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>JSON <c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A JSON array.</summary>
    List,

    /// <summary>A JSON object.</summary>
    Map,
}
