using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// The CNI configuration that a NetworkAttachmentDefinition carries as JSON in a string: one plugin, or a chain under <c>plugins</c>.
/// Which of both it is, multus decides by <c>type</c> (k8snetworkplumbingwg/multus-cni pkg/types/conf.go <c>LoadDelegateNetConf</c>).
/// </summary>
public sealed class CniConfiguration
{
    private CniConfiguration(Field source, Field root, DocumentError? error, IReadOnlyList<CniPlugin> plugins)
    {
        Source = source;
        Root = root;
        Error = error;
        Plugins = plugins;
        Link = FirstLink(plugins);
    }

    /// <summary>The string that holds the configuration.</summary>
    public Field Source { get; }

    /// <summary>
    /// Whether there is no configuration in the object. Multus then reads a file on the node whose <c>name</c> is that of the object
    /// (k8snetworkplumbingwg/network-attachment-definition-client pkg/utils/cniconfig.go <c>GetCNIConfig</c>).
    /// </summary>
    public bool IsOnNode => Source.IsMissing || Source.Text is "";

    /// <summary>Why the string is no JSON, with line and column in the string, or null.</summary>
    public DocumentError? Error { get; }

    /// <summary>The parsed document, of any JSON type; absent where there is none.</summary>
    public Field Root { get; }

    /// <summary>Whether the configuration is a chain: no <c>type</c> of its own, but <c>plugins</c>.</summary>
    public bool IsChain => Root.IsMap && Root.Find("type") is var type && (type.IsMissing || type.Text is "") && Root.Find("plugins").IsPresent;

    /// <summary>The plugins in the order in which they run; items of the chain that are no map are left out.</summary>
    public IReadOnlyList<CniPlugin> Plugins { get; }

    /// <summary>The plugin that makes the link: the first that is not known to work on the link of another, or null without plugins.</summary>
    public CniPlugin? Link { get; }

    /// <summary>Reads the configuration in a string field; a field of another type holds none.</summary>
    public static CniConfiguration Read(Field source)
    {
        FieldPath path = source.Path.Document();
        if (source.Text is not { Length: > 0 } text)
        {
            return new CniConfiguration(source, Field.AbsentAt(path), null, []);
        }

        if (!JsonText.TryParse(text, path, out Field root, out DocumentError? error))
        {
            return new CniConfiguration(source, root, error, []);
        }

        Field type = root.Find("type");
        Field chain = root.Find("plugins");
        if (!root.IsMap || type.Text is { Length: > 0 } || chain.IsMissing)
        {
            return new CniConfiguration(source, root, null, root.IsMap ? [new CniPlugin(root, root)] : []);
        }

        var plugins = new List<CniPlugin>(chain.Count);
        foreach (Field item in chain.Items())
        {
            if (item.IsMap)
            {
                plugins.Add(new CniPlugin(item, root));
            }
        }

        return new CniConfiguration(source, root, null, plugins);
    }

    /// <summary>
    /// The field that decides the MTU of the link: that of the last <c>tuning</c> behind the plugin that makes it, since tuning sets it
    /// anew (containernetworking/plugins plugins/meta/tuning/tuning.go), else the plugin's own, which may be absent.
    /// </summary>
    public Field Mtu
    {
        get
        {
            Field decided = Link?.Mtu ?? Field.AbsentAt(Root.Path.Property("mtu"));
            bool behindLink = false;
            foreach (CniPlugin plugin in Plugins)
            {
                if (behindLink && plugin.IsTuning && plugin.Mtu is { IsPresent: true } tuned && tuned.Integer != 0)
                {
                    decided = tuned;
                }

                behindLink |= ReferenceEquals(plugin, Link);
            }

            return decided;
        }
    }

    private static CniPlugin? FirstLink(IReadOnlyList<CniPlugin> plugins)
    {
        foreach (CniPlugin plugin in plugins)
        {
            if (!plugin.IsChained)
            {
                return plugin;
            }
        }

        return plugins.Count > 0 ? plugins[0] : null;
    }
}
