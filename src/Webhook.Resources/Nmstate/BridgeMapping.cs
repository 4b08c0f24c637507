using Webhook.Resources.Json;

namespace Webhook.Resources.Nmstate;

/// <summary>A physical network of OVN and the OVS bridge it leads to.</summary>
/// <param name="Localnet">The name that networks refer to (<c>physicalNetworkName</c>).</param>
/// <param name="Bridge">The OVS bridge; empty where the mapping is removed without naming it.</param>
/// <param name="Field">Where it is written: an item of <c>ovn.bridge-mappings</c>, or the string in <c>ovs-db.external_ids</c>.</param>
/// <param name="IsAbsent">Whether the mapping is removed.</param>
public readonly record struct BridgeMapping(string Localnet, string Bridge, Field Field, bool IsAbsent);
