using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using Webhook.Resources.CloudInit;
using Webhook.Resources.Json;
using Webhook.Resources.Yaml;

namespace Webhook.Resources;

/// <summary>
/// What cloud-init will make of a virtual machine's networks: the network data of its first cloud-init volume, inline or base64, in the
/// format its carrier takes (NoCloud version 1 or 2, a config drive OpenStack's <c>network_data.json</c>). Read once, when first asked.
/// </summary>
public sealed class CloudInitNetworkData
{
    /// <summary>The longest text that is read, in characters. KubeVirt itself takes 2,048 bytes inline.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>The key of network data in base64.</summary>
    internal const string Base64Key = "networkDataBase64";

    // KubeVirt refuses longer network data, counted decoded (kubevirt/kubevirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go
    // cloudInitNetworkMaxLen).
    private const int KubeVirtMaxBytes = 2048;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Lock _reading = new();
    private readonly bool _isConfigDrive;
    private volatile bool _isRead;
    private NetworkDataState _state;
    private IReadOnlyList<NetworkDataDefect> _defects = [];
    private ImmutableArray<GuestInterface> _interfaces = [];

    private CloudInitNetworkData(Field source, NetworkDataState state, bool isConfigDrive = false)
    {
        Source = source;
        _state = state;
        _isConfigDrive = isConfigDrive;
        _isRead = state != NetworkDataState.Read;
    }

    /// <summary>The field that carries the network data; the volumes where there is none.</summary>
    public Field Source { get; }

    /// <summary>Whether there is something to read, and whether it could be read.</summary>
    public NetworkDataState State
    {
        get
        {
            Read();
            return _state;
        }
    }

    /// <summary>What the reader cannot use; none unless <see cref="State"/> is <see cref="NetworkDataState.Malformed"/>.</summary>
    public IReadOnlyList<NetworkDataDefect> Defects
    {
        get
        {
            Read();
            return _defects;
        }
    }

    /// <summary>The devices that are configured, in document order; none unless <see cref="State"/> is <see cref="NetworkDataState.Read"/>.</summary>
    public ImmutableArray<GuestInterface> Interfaces
    {
        get
        {
            Read();
            return _interfaces;
        }
    }

    /// <summary>Why the addresses of the guest cannot be seen, as a clause for a message, or null where the data were read.</summary>
    public string? Unreadable => State switch
    {
        NetworkDataState.Absent => "there is no network data",
        NetworkDataState.Disabled => "network data switches cloud-init's networking off",
        NetworkDataState.Secret => "network data is in a Secret, which is not read",
        NetworkDataState.TooLong => "network data is too long to be read",
        NetworkDataState.Malformed => "network data cannot be read",
        _ => null,
    };

    /// <summary>Whether two network data are the same words from the same kind of carrier. Asking parses neither.</summary>
    public bool IsSameAs(CloudInitNetworkData other) =>
        _isConfigDrive == other._isConfigDrive && Source.Name == other.Source.Name && Source.ValueEquals(other.Source);

    /// <summary>Whether network data would become too long for KubeVirt by an edit.</summary>
    /// <param name="key">The key that holds it.</param>
    /// <param name="old">The text before the edit, decoded.</param>
    /// <param name="text">The text after it, decoded.</param>
    internal static bool IsTooLongForKubeVirt(string? key, string old, string text) =>
        key is "networkData" or Base64Key && Encoding.UTF8.GetByteCount(text) > KubeVirtMaxBytes && text.Length > old.Length;

    /// <summary>Finds the network data of a VirtualMachineInstance spec.</summary>
    internal static CloudInitNetworkData Find(Field instanceSpec)
    {
        Field volumes = instanceSpec["volumes"];
        foreach (Field volume in volumes.Items())
        {
            foreach (string kind in (ReadOnlySpan<string>)["cloudInitNoCloud", "cloudInitConfigDrive"])
            {
                Field cloudInit = volume[kind];
                if (cloudInit.IsMap)
                {
                    return FindIn(cloudInit, isConfigDrive: kind == "cloudInitConfigDrive");
                }
            }
        }

        return new CloudInitNetworkData(volumes, NetworkDataState.Absent);
    }

    private static CloudInitNetworkData FindIn(Field cloudInit, bool isConfigDrive)
    {
        Field inline = cloudInit["networkData"];
        if (inline.IsPresent && !inline.Is(""))
        {
            return new CloudInitNetworkData(inline, NetworkDataState.Read, isConfigDrive);
        }

        Field encoded = cloudInit[Base64Key];
        if (encoded.IsPresent && !encoded.Is(""))
        {
            return new CloudInitNetworkData(encoded, NetworkDataState.Read, isConfigDrive);
        }

        Field secret = cloudInit["networkDataSecretRef"];
        return secret.IsPresent
            ? new CloudInitNetworkData(secret, NetworkDataState.Secret)
            : new CloudInitNetworkData(cloudInit, NetworkDataState.Absent);
    }

    private void Read()
    {
        if (_isRead)
        {
            return;
        }

        lock (_reading)
        {
            if (_isRead)
            {
                return;
            }

            if (Source.Name == Base64Key)
            {
                ReadText(Decode(Source.Text), "must be base64 of UTF-8 text");
            }
            else
            {
                ReadText(Source.Text, "must be text");
            }

            _isRead = true;
        }
    }

    private static string? Decode(string? base64)
    {
        if (base64 is null)
        {
            return null;
        }

        // Longer than the bound already when encoded: what it decodes to does not matter.
        if (base64.Length > MaxLength * 2)
        {
            return base64;
        }

        try
        {
            return Base64.IsValid(base64) ? Utf8.GetString(Convert.FromBase64String(base64)) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private void ReadText(string? text, string needed)
    {
        if (text is null)
        {
            Fail(new NetworkDataDefect(Source, needed));
            return;
        }

        if (text.Length > MaxLength)
        {
            _state = NetworkDataState.TooLong;
            return;
        }

        bool looksLikeJson = LooksLikeJson(text);
        DocumentError? error = null;
        if (looksLikeJson && JsonText.TryParse(text, Source.Path.Document(), out Field json, out error))
        {
            ReadDocument(json, null, text);
        }
        else if (_isConfigDrive && looksLikeJson)
        {
            Fail(new NetworkDataDefect(Source, $"a config drive takes OpenStack's network_data.json: {error}"));
        }
        else if (!YamlText.TryParse(text, out YamlDocument? yaml, out error))
        {
            Fail(new NetworkDataDefect(Source, error!.ToString()));
        }
        else if (_isConfigDrive && yaml!.Value.Kind != FieldKind.Null)
        {
            Fail(new NetworkDataDefect(Source, "cloudInitConfigDrive takes OpenStack's network_data.json, which this is not"));
        }
        else
        {
            ReadDocument(yaml!.Value.At(Source.Path.Document()), yaml, text);
        }
    }

    // YAML in flow style begins with a bracket too, but its keys are rarely in double quotes; what is taken wrongly is read as YAML after all.
    private static bool LooksLikeJson(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        return text is ['{' or '[', ..] && text[1..].TrimStart() is ['"' or '{' or '[' or '}' or ']', ..];
    }

    private void ReadDocument(Field root, YamlDocument? yaml, string text)
    {
        if (root.IsMissing)
        {
            _state = NetworkDataState.Absent;
            return;
        }

        Field document = root["network"].IsMap && root["version"].IsMissing ? root["network"] : root;
        if (document["config"].Is("disabled"))
        {
            _state = NetworkDataState.Disabled;
            return;
        }

        if (!root.IsMap)
        {
            Fail(new NetworkDataDefect(Source, "must be a map of versioned settings"));
            return;
        }

        NetworkDataReader? reader = _isConfigDrive ? OpenStack(document) : NoCloud(document);
        if (reader is null)
        {
            return;
        }

        reader.Read(document);
        if (yaml is not null)
        {
            YamlNumbers.Find(reader, yaml, text);
        }

        if (reader.Defects.Count > 0)
        {
            Fail([.. reader.Defects]);
            return;
        }

        _interfaces = [.. reader.Interfaces];
    }

    private OpenStackNetworkData? OpenStack(Field document)
    {
        if (document["links"].IsPresent || document["networks"].IsPresent)
        {
            return new OpenStackNetworkData();
        }

        Fail(new NetworkDataDefect(
            document["links"],
            document["version"].IsPresent
                ? "cloudInitConfigDrive takes OpenStack's network_data.json, not NoCloud's versions"
                : "OpenStack's network_data.json lists its links here"));
        return null;
    }

    private NetworkDataReader? NoCloud(Field document)
    {
        Field version = document["version"];
        switch (version.Integer)
        {
            case 1:
                return new NoCloudVersion1();
            case 2:
                return new NoCloudVersion2();
            default:
                Fail(new NetworkDataDefect(
                    version,
                    document["links"].IsList ? "cloudInitNoCloud takes version 1 or 2, not OpenStack's network_data.json" : "must be the number 1 or 2"));
                return null;
        }
    }

    private void Fail(params NetworkDataDefect[] defects)
    {
        _state = NetworkDataState.Malformed;
        _defects = defects;
    }
}

/// <summary>What is known of a virtual machine's network data.</summary>
public enum NetworkDataState
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>It was read.</summary>
    Read,

    /// <summary>It tells cloud-init to leave the networks alone.</summary>
    Disabled,

    /// <summary>It stands in a Secret, which is not read.</summary>
    Secret,

    /// <summary>It is longer than <see cref="CloudInitNetworkData.MaxLength"/>.</summary>
    TooLong,

    /// <summary>It is no network data of a known format.</summary>
    Malformed,
}
