namespace Webhook.Rules.Storage;

/// <summary>One row of the protocol table: a driver and how its protocol shows.</summary>
/// <param name="Name">The name of the driver or provisioner.</param>
/// <param name="Source">Where this is written, as <c>owner/repo path</c>.</param>
public sealed record StorageDriver(string Name, string Source)
{
    /// <summary>Whether a prefix and a dot may stand before the name.</summary>
    public bool IsSuffix { get; init; }

    /// <summary>The parameters that tell the protocol, in order; the first that is given decides.</summary>
    public IReadOnlyList<ProtocolParameter> Parameters { get; init; } = [];

    /// <summary>What the driver publishes about an attached volume that tells the protocol, in order.</summary>
    public IReadOnlyList<ProtocolParameter> Published { get; init; } = [];

    /// <summary>The protocol where no parameter tells it, or null where the driver then serves several.</summary>
    public string? Otherwise { get; init; }

    /// <summary>Where else the protocol is decided, for the reader of a warning.</summary>
    public string Elsewhere { get; init; } = "several protocols";
}

/// <summary>A parameter of a StorageClass, attribute of a volume or key of an attachment that tells the protocol.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Protocols">Protocol by value, without regard to case; a value that ends with <c>*</c> is a prefix.</param>
public sealed record ProtocolParameter(string Name, IReadOnlyDictionary<string, string> Protocols)
{
    /// <summary>Whether a value that is not listed tells nothing, as the file system types other than NFS do, instead of making the protocol unknown.</summary>
    public bool IgnoresOthers { get; init; }
}
