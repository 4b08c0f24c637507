using System.Buffers;
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
    public StoredObject Read(ReadOnlyMemory<byte> json, string apiVersion, Func<ObjectKey, StoredObject?> known) =>
        Read(Field.Parse(json), apiVersion, known);

    /// <summary>The same of an object that has been parsed already.</summary>
    /// <exception cref="JsonException">It is no object with a name.</exception>
    public StoredObject Read(Field root, string apiVersion, Func<ObjectKey, StoredObject?> known)
    {
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
            Write(writer, root, apiVersion);
        }

        bool isUnchanged = before is not null && before.Uid == uid
            && before.Root.Utf8Json.SequenceEqual(_buffer.WrittenSpan);
        return new StoredObject
        {
            Namespace = before?.Namespace ?? metadata["namespace"].Text ?? "",
            Name = before?.Name ?? name,
            Uid = before?.Uid == uid ? before.Uid : uid,
            ResourceVersion = version,
            Root = isUnchanged ? before!.Root : Field.Parse(_buffer.WrittenSpan.ToArray()),
        };
    }

    private void Write(Utf8JsonWriter writer, Field root, string apiVersion)
    {
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, apiVersion);
        writer.WriteString("kind"u8, kind.Kind);
        foreach (Field property in root.Members())
        {
            switch (property.Name)
            {
                case "apiVersion" or "kind":
                    break;
                case "metadata" when property.IsMap:
                    writer.WriteStartObject("metadata"u8);
                    WriteMetadata(writer, property);
                    writer.WriteEndObject();
                    break;
                case "status":
                    WriteStatus(writer, property);
                    break;
                default:
                    Write(writer, property);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, Field metadata)
    {
        foreach (Field property in metadata.Members())
        {
            if (!Metadata.Contains(property.Name!))
            {
                continue;
            }

            if (property.Name == "annotations" && property.IsMap)
            {
                writer.WriteStartObject("annotations"u8);
                foreach (Field annotation in property.Members())
                {
                    if (annotation.Name != LastApplied)
                    {
                        WriteWhole(writer, annotation);
                    }
                }

                writer.WriteEndObject();
                continue;
            }

            WriteWhole(writer, property);
        }
    }

    private void WriteStatus(Utf8JsonWriter writer, Field status)
    {
        if (_status.Length == 0 || !status.IsMap)
        {
            return;
        }

        writer.WriteStartObject("status"u8);
        foreach (Field property in status.Members())
        {
            if (!_status.Contains(property.Name!, StringComparer.Ordinal))
            {
                continue;
            }

            if (property.Name == "currentState" && property.IsMap)
            {
                writer.WriteStartObject("currentState"u8);
                WriteCurrentState(writer, property);
                writer.WriteEndObject();
                continue;
            }

            Write(writer, property);
        }

        writer.WriteEndObject();
    }

    private void WriteCurrentState(Utf8JsonWriter writer, Field state)
    {
        foreach (Field property in state.Members())
        {
            if (!CurrentState.Contains(property.Name!))
            {
                continue;
            }

            if (property.Name == "routes" && property.IsMap)
            {
                writer.WriteStartObject("routes"u8);
                foreach (Field routes in property.Members())
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
    private void WriteRoutes(Utf8JsonWriter writer, Field routes)
    {
        if (routes.Name != "running" || !routes.IsList)
        {
            Write(writer, routes);
            return;
        }

        writer.WriteStartArray("running"u8);
        foreach (Field route in routes.Items())
        {
            if (route["destination"] is var destination && (destination.Is("0.0.0.0/0") || destination.Is("::/0")))
            {
                route.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
    }

    private void Write(Utf8JsonWriter writer, Field property)
    {
        string name = property.Name!;
        if (IsDropped(name, property))
        {
            return;
        }

        writer.WritePropertyName(name);
        if (name is "networkData" or "networkDataBase64" && property.Text is string text && WithoutPasswords(text, name == "networkDataBase64") is string data)
        {
            writer.WriteStringValue(data);
            return;
        }

        WriteValue(writer, property);
    }

    private static void WriteWhole(Utf8JsonWriter writer, Field property)
    {
        writer.WritePropertyName(property.Name!);
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

    private void WriteValue(Utf8JsonWriter writer, Field value)
    {
        switch (value.Kind)
        {
            case FieldKind.Map:
                writer.WriteStartObject();
                foreach (Field property in value.Members())
                {
                    Write(writer, property);
                }

                writer.WriteEndObject();
                break;
            case FieldKind.List:
                writer.WriteStartArray();
                foreach (Field item in value.Items())
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private bool IsDropped(string name, Field property)
    {
        if (Dropped.Contains(name))
        {
            return true;
        }

        if (_hasParameters && property.IsString)
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
