using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Resources.Nmstate;

namespace Webhook.Resources.Tests.Nmstate;

/// <summary>Fields, interfaces and policies from YAML.</summary>
internal static class States
{
    public static Field Value(string yaml) => Assert.Single(ManifestReader.Read("value: " + yaml)).Root["value"];

    public static NodeInterface Interface(string yaml) => new(Value(yaml));

    /// <summary>A policy around interfaces in flow style, one a line.</summary>
    public static NodeNetworkConfigurationPolicy Policy(string interfaces, string? role = "llt", string? interfaceRoles = null, string rest = "{}") =>
        new(Assert.Single(ManifestReader.Read(
            $$$"""
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata:
              name: p
              labels: {{{(role is null ? "{}" : $"{{infoscale.internal/role: {role}}}")}}}
              annotations: {{{(interfaceRoles is null ? "{}" : $"{{infoscale.internal/interface-roles: '{interfaceRoles}'}}")}}}
            spec:
              desiredState:
                routes: {{{rest}}}
                interfaces:
            {{{string.Join('\n', interfaces.Split('\n').Select(static line => "    " + line))}}}
            """)).Root);

    /// <summary>The roles in short: name, role, <c>+</c> where shared, <c>^</c> at the top.</summary>
    public static string Say(InterfaceRoles roles) => string.Join(' ', roles.Members.Select(static member =>
        $"{member.Name}={member.Role.Word()}{(member.IsShared ? "+" : "")}{(member.IsTop ? "^" : "")}"));
}
