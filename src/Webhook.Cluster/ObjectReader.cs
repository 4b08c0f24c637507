using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Cluster;

/// <summary>
/// Makes small objects of what an API server sends for one kind. Left out: bookkeeping, the status that no view reads, and whatever may hold
/// a secret. The result is written into memory of its own, so that nothing keeps what was received.
/// </summary>
/// <param name="kind">The kind, which items of a list do not always name themselves.</param>
internal sealed partial class ObjectReader(ClusterKind kind)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonText.MaxDepth };

    private static readonly HashSet<string> Metadata = new(StringComparer.Ordinal)
    {
        "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "labels", "annotations", "ownerReferences",
    };

    // A copy of the whole object, user data included.
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    // cloud-init user data of virtual machines; headers of imports, which carry tokens; what nmstate takes as secrets (nmstate/nmstate
    // rust/src/lib: ieee8021x.rs, ipsec.rs, macsec.rs). Then what is long and read by nobody.
    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        "userData", "userDataBase64", "password", "extraHeaders", "private-key-password", "psk", "mka-cak", "accessCredentials",
        "ethtool", "mptcp", "wait-ip", "accept-all-mac-addresses",
    };

    // Drivers name secret parameters of a StorageClass or volume as they like; one that names a Secret object ends in "name" instead.
    private static readonly string[] Secretive = ["password", "userkey", "token"];

    private static readonly Dictionary<string, string[]> Status = new(StringComparer.Ordinal)
    {
        [ClusterKind.NodeNetworkState.Resource] = ["lastSuccessfulUpdateTime", "currentState"],
        [ClusterKind.VirtualMachine.Resource] = ["created", "ready", "printableStatus"],
        [ClusterKind.VirtualMachineInstance.Resource] = ["phase", "nodeName", "interfaces", "migrationState"],
        [ClusterKind.VolumeAttachment.Resource] = ["attached", "attachmentMetadata"],
        [ClusterKind.StorageProfile.Resource] = ["claimPropertySets", "provisioner", "storageClass"],
        [ClusterKind.ClusterNetwork.Resource] = ["clusterNetworkMTU", "clusterNetwork", "networkType"],
        [ClusterKind.PersistentVolumeClaim.Resource] = ["phase"],
        [ClusterKind.PersistentVolume.Resource] = ["phase"],
        [ClusterKind.DataVolume.Resource] = ["phase"],
    };

    private static readonly HashSet<string> CurrentState = new(StringComparer.Ordinal) { "interfaces", "ovn", "ovs-db", "routes" };

    private readonly bool _hasParameters = kind == ClusterKind.StorageClass || kind == ClusterKind.PersistentVolume;
    private readonly string[] _status = Status.GetValueOrDefault(kind.Resource) ?? [];
    private readonly ArrayBufferWriter<byte> _buffer = new(8 * 1024);

    /// <summary>Reads one object.</summary>
    /// <param name="json">The whole object.</param>
    /// <param name="apiVersion">The group and version it was asked in.</param>
    /// <param name="known">What is kept of the object of that name now, or null: an unchanged one is given back instead of a new one.</param>
    /// <exception cref="JsonException">It is no JSON, or no object with a name.</exception>
    public StoredObject Read(ReadOnlyMemory<byte> json, string apiVersion, Func<ObjectKey, StoredObject?> known)
    {
        using JsonDocument document = JsonDocument.Parse(json, Options);
        return Read(document.RootElement, apiVersion, known);
    }

    /// <summary>The same of an object that has been parsed already.</summary>
    /// <exception cref="JsonException">It is no object with a name.</exception>
    public StoredObject Read(JsonElement json, string apiVersion, Func<ObjectKey, StoredObject?> known)
    {
        var root = new Field(json, FieldPath.Root);
        Field metadata = root["metadata"];
        string name = metadata["name"].Text ?? throw new JsonException("no object with a name");
        string version = metadata["resourceVersion"].Text ?? "";
        string uid = metadata["uid"].Text ?? "";
        StoredObject? before = known(new ObjectKey(metadata["namespace"].Text ?? "", name));
        if (before is not null && before.Uid == uid && before.ResourceVersion == version && version.Length > 0)
        {
            return before;
        }

        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            Write(writer, json, apiVersion);
        }

        bool isUnchanged = before is not null && before.Uid == uid
            && JsonMarshal.GetRawUtf8Value(before.Root.Element).SequenceEqual(_buffer.WrittenSpan);
        return new StoredObject
        {
            Namespace = before?.Namespace ?? metadata["namespace"].Text ?? "",
            Name = before?.Name ?? name,
            Uid = before?.Uid == uid ? before.Uid : uid,
            ResourceVersion = version,
            Root = isUnchanged ? before!.Root : Own(_buffer.WrittenSpan),
        };
    }

    // Parsing through a reader gives an element that owns exactly as much memory as it needs: nothing to dispose, nothing rented.
    private static Field Own(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
        reader.Read();
        return new Field(JsonElement.ParseValue(ref reader), FieldPath.Root);
    }

    private void Write(Utf8JsonWriter writer, JsonElement root, string apiVersion)
    {
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, apiVersion);
        writer.WriteString("kind"u8, kind.Kind);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            switch (property.Name)
            {
                case "apiVersion" or "kind":
                    break;
                case "metadata" when property.Value.ValueKind == JsonValueKind.Object:
                    writer.WriteStartObject("metadata"u8);
                    WriteMetadata(writer, property.Value);
                    writer.WriteEndObject();
                    break;
                case "status":
                    WriteStatus(writer, property.Value);
                    break;
                default:
                    Write(writer, property);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, JsonElement metadata)
    {
        foreach (JsonProperty property in metadata.EnumerateObject())
        {
            if (!Metadata.Contains(property.Name))
            {
                continue;
            }

            if (property.NameEquals("annotations"u8) && property.Value.ValueKind == JsonValueKind.Object)
            {
                writer.WriteStartObject("annotations"u8);
                foreach (JsonProperty annotation in property.Value.EnumerateObject())
                {
                    if (!annotation.NameEquals(LastApplied))
                    {
                        annotation.WriteTo(writer);
                    }
                }

                writer.WriteEndObject();
                continue;
            }

            property.WriteTo(writer);
        }
    }

    private void WriteStatus(Utf8JsonWriter writer, JsonElement status)
    {
        if (_status.Length == 0 || status.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        writer.WriteStartObject("status"u8);
        foreach (JsonProperty property in status.EnumerateObject())
        {
            if (!_status.Contains(property.Name, StringComparer.Ordinal))
            {
                continue;
            }

            if (property.NameEquals("currentState"u8) && property.Value.ValueKind == JsonValueKind.Object)
            {
                writer.WriteStartObject("currentState"u8);
                WriteCurrentState(writer, property.Value);
                writer.WriteEndObject();
                continue;
            }

            Write(writer, property);
        }

        writer.WriteEndObject();
    }

    private void WriteCurrentState(Utf8JsonWriter writer, JsonElement state)
    {
        foreach (JsonProperty property in state.EnumerateObject())
        {
            if (!CurrentState.Contains(property.Name))
            {
                continue;
            }

            if (property.NameEquals("routes"u8) && property.Value.ValueKind == JsonValueKind.Object)
            {
                writer.WriteStartObject("routes"u8);
                foreach (JsonProperty routes in property.Value.EnumerateObject())
                {
                    WriteRoutes(writer, routes);
                }

                writer.WriteEndObject();
                continue;
            }

            Write(writer, property);
        }
    }

    // The routes in force of a node are many; only the default ones say what an interface is for.
    private void WriteRoutes(Utf8JsonWriter writer, JsonProperty routes)
    {
        if (!routes.NameEquals("running"u8) || routes.Value.ValueKind != JsonValueKind.Array)
        {
            Write(writer, routes);
            return;
        }

        writer.WriteStartArray("running"u8);
        foreach (JsonElement route in routes.Value.EnumerateArray())
        {
            if (route.ValueKind == JsonValueKind.Object && route.TryGetProperty("destination"u8, out JsonElement destination)
                && destination.ValueKind == JsonValueKind.String && (destination.ValueEquals("0.0.0.0/0"u8) || destination.ValueEquals("::/0"u8)))
            {
                route.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
    }

    private void Write(Utf8JsonWriter writer, JsonProperty property)
    {
        if (IsDropped(property))
        {
            return;
        }

        if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            ReadOnlySpan<byte> name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (name.Contains((byte)'\\'))
            {
                writer.WritePropertyName(property.Name);
            }
            else
            {
                writer.WritePropertyName(name);
            }

            Write(writer, property.Value);
            return;
        }

        if (property.Name is "networkData" or "networkDataBase64" && property.Value.ValueKind == JsonValueKind.String
            && WithoutPasswords(property.Value.GetString()!, property.Name == "networkDataBase64") is string data)
        {
            writer.WriteString(property.Name, data);
            return;
        }

        property.WriteTo(writer);
    }

    // The rules read network data, so it stays, but not the password of a wireless or authenticated network in it. Null where there is none.
    private static string? WithoutPasswords(string data, bool isBase64)
    {
        if (isBase64)
        {
            byte[] bytes = new byte[data.Length];
            return Convert.TryFromBase64String(data, bytes, out int length) && WithoutPasswords(Encoding.UTF8.GetString(bytes, 0, length), isBase64: false) is string kept
                ? Convert.ToBase64String(Encoding.UTF8.GetBytes(kept))
                : null;
        }

        return data.Contains("passw", StringComparison.OrdinalIgnoreCase) ? Password().Replace(data, "\"***\"") : null;
    }

    // One on a line of its own or in braces, as JSON or YAML.
    [GeneratedRegex(@"(?<=passw(?:or)?d[\w-]*[""']?\s*:\s*)(?:""(?:[^""\\]|\\.)*""|'(?:[^']|'')*'|[^\s,}""'|>][^\n,}]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Password();

    private void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    Write(writer, property);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private bool IsDropped(JsonProperty property)
    {
        string name = property.Name;
        if (Dropped.Contains(name))
        {
            return true;
        }

        if (_hasParameters && property.Value.ValueKind == JsonValueKind.String)
        {
            foreach (string part in Secretive)
            {
                if (name.EndsWith(part, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
