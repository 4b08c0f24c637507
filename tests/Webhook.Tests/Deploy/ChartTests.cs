using System.Text.RegularExpressions;
using Webhook.Rules;

namespace Webhook.Tests.Deploy;

/// <summary>
/// The chart's templates are the manifests of deploy/base and of the overlays with values put in: made here, so that the two
/// cannot differ. The end-to-end tests render both and compare.
/// </summary>
public sealed partial class ChartTests
{
    private const string Templates = "deploy/helm/templates";
    private const string CertManager = "deploy/overlays/cert-manager/70-certificate.yaml";
    private const string BuiltIn = "deploy/overlays/built-in-certificates/70-certificate-role.yaml";
    private const string IfBuiltIn = "{{- if eq .Values.certificates \"built-in\" }}";
    private const string UnlessBuiltIn = "{{- if ne .Values.certificates \"built-in\" }}";
    private const string Audit = "deploy/components/background-audit/80-audit-role.yaml";
    private const string Mutation = "deploy/components/mutation/65-mutating-webhook-configuration.yaml";
    private const string Permission = "deploy/components/exemption-permission/82-exemption-permission.yaml";
    private const string IfPermission = "{{- if dig \"exemptions\" \"requirePermission\" false .Values.configuration }}";
    private const string IfAudit = "{{- if or .Values.audit .Values.auditOnly }}";

    [Fact]
    public void Each_template_is_a_manifest_with_values_put_in()
    {
        var made = new List<string> { "NOTES.txt" };
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Golden.Checkout, "deploy", "base"), "*.yaml").Order(StringComparer.Ordinal))
        {
            // Helm makes the namespace itself.
            if (Path.GetFileName(file) is string name and not ("00-namespace.yaml" or "kustomization.yaml"))
            {
                Golden.Holds($"{Templates}/{name}", Template(File.ReadAllText(file)));
                made.Add(name);
            }
        }

        string mutation = Template(File.ReadAllText(Path.Combine(Golden.Checkout, Mutation)));
        Golden.Holds($"{Templates}/65-mutating-webhook-configuration.yaml", $$$"""{{- if .Values.mutation }}{{{"\n"}}}{{{mutation}}}{{- end }}{{{"\n"}}}""");
        string certificate = Template(File.ReadAllText(Path.Combine(Golden.Checkout, CertManager)));
        Golden.Holds($"{Templates}/70-certificate.yaml", $$$"""{{- if eq .Values.certificates "cert-manager" }}{{{"\n"}}}{{{certificate}}}{{- end }}{{{"\n"}}}""");
        string role = Template(File.ReadAllText(Path.Combine(Golden.Checkout, BuiltIn)));
        Golden.Holds($"{Templates}/70-certificate-role.yaml", $$$"""{{{IfBuiltIn}}}{{{"\n"}}}{{{role}}}{{- end }}{{{"\n"}}}""");
        string audit = Template(File.ReadAllText(Path.Combine(Golden.Checkout, Audit)));
        Golden.Holds($"{Templates}/80-audit-role.yaml", $$$"""{{{IfAudit}}}{{{"\n"}}}{{{audit}}}{{- end }}{{{"\n"}}}""");
        string permission = Template(File.ReadAllText(Path.Combine(Golden.Checkout, Permission)));
        Golden.Holds($"{Templates}/82-exemption-permission.yaml", $$$"""{{{IfPermission}}}{{{"\n"}}}{{{permission}}}{{- end }}{{{"\n"}}}""");
        string backstop = Backstop(File.ReadAllText(Path.Combine(Golden.Checkout, BackstopPolicyTests.Manifest)));
        Golden.Holds($"{Templates}/67-backstop-policy.yaml", backstop);
        Golden.HoldsOnly(Templates, [.. made, "67-backstop-policy.yaml", "65-mutating-webhook-configuration.yaml", "70-certificate.yaml", "70-certificate-role.yaml", "80-audit-role.yaml", "82-exemption-permission.yaml", .. Monitoring()]);
    }

    // Queries and texts have braces of their own, which the chart must hand on as they are.
    private static string[] Monitoring()
    {
        string Read(string file) => File.ReadAllText(Path.Combine(Golden.Checkout, "deploy", "components", "monitoring", file))
            .Replace("{{", "{{ \"{{\" }}", StringComparison.Ordinal);
        string monitor = Authority().Replace(Template(Read("90-service-monitor.yaml")),
            """
                  {{- if eq .Values.certificates "cert-manager" "built-in" }}
            $0      {{- else if eq .Values.certificates "service-ca" }}
                  ca:
                    configMap:
                      name: openshift-service-ca.crt
                      key: service-ca.crt
                  {{- else }}
                  insecureSkipVerify: true
                  {{- end }}

            """);
        monitor = monitor.Replace(
            "name: infoscale-webhook-tls\n",
            "name: {{ if eq .Values.certificates \"built-in\" }}infoscale-webhook-certificate{{ else }}infoscale-webhook-tls{{ end }}\n", StringComparison.Ordinal);
        string dashboard =
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: infoscale-webhook-dashboard\n  namespace: {{ .Release.Namespace }}\n  labels:\n"
            + "    app.kubernetes.io/name: infoscale-webhook\n    grafana_dashboard: \"1\"\ndata:\n  infoscale-webhook.json: |\n"
            + Read("dashboard.json").TrimEnd().Split('\n').Aggregate("", static (text, line) => $"{text}    {line}\n");
        foreach ((string name, string text) in ((string, string)[])
            [("90-service-monitor.yaml", monitor), ("91-alert-rules.yaml", Template(Read("91-alert-rules.yaml"))), ("92-dashboard.yaml", dashboard)])
        {
            Golden.Holds($"{Templates}/{name}", $$$"""{{- if .Values.monitoring }}{{{"\n"}}}{{{text}}}{{- end }}{{{"\n"}}}""");
        }

        return ["90-service-monitor.yaml", "91-alert-rules.yaml", "92-dashboard.yaml"];
    }

    [Theory]
    [InlineData("image: infoscale-webhook:", "image: {{ .Values.image }}")]
    [InlineData("replicas: ", "replicas: {{ .Values.replicas }}")]
    [InlineData("priorityClassName: ", "priorityClassName: {{ .Values.priorityClassName }}")]
    public void Each_value_has_its_place(string manifest, string template)
    {
        Assert.Contains(manifest, File.ReadAllText(Path.Combine(Golden.Checkout, "deploy", "base", "30-deployment.yaml")), StringComparison.Ordinal);
        Assert.Contains(template, File.ReadAllText(Path.Combine(Golden.Checkout, Templates, "30-deployment.yaml")), StringComparison.Ordinal);
    }

    // What the policy cannot read of the configuration is refused; sizes and modes are put in.
    private static string Backstop(string manifest)
    {
        string mild = string.Concat(BackstopPolicyTests.Rules.Select(static rule => $$$"""
            {{- if contains "{{{rule.Info.Id}}}" $settings }}
            {{- fail "backstopPolicy denies {{{rule.Info.Id}}} whatever rules, modes and exemptions of the configuration say; leave it off" }}
            {{- end }}

            """));
        return $$$"""
            {{- if and .Values.backstopPolicy (ne (.Values.configuration.mode | default "enforce") "off") }}
            {{- $settings := toJson (list .Values.configuration.rules .Values.configuration.modes .Values.configuration.exemptions) }}
            {{{mild}}}{{{manifest
                .Replace($"expression: \"{RuleSettings.Default.NodeMtu}\"", "expression: \"{{ .Values.configuration.mtu.node }}\"", StringComparison.Ordinal)
                .Replace("validationActions: [Deny]", $"validationActions: [{Action}]", StringComparison.Ordinal)}}}{{- end }}

            """;
    }

    private const string Action =
        """{{ if or .Values.auditOnly (ne (.Values.configuration.strictest | default "enforce") "enforce") }}Audit{{ else if eq (.Values.configuration.mode | default "enforce") "enforce" }}Deny{{ else if eq .Values.configuration.mode "warn" }}Warn{{ else }}Audit{{ end }}""";

    private static string Template(string manifest)
    {
        string text = manifest
            .Replace("namespace: infoscale-webhook\n", "namespace: {{ .Release.Namespace }}\n", StringComparison.Ordinal)
            .Replace("      - infoscale-webhook\n      - kube-system", "      - {{ .Release.Namespace }}\n      - kube-system", StringComparison.Ordinal)
            .Replace("infoscale-webhook.infoscale-webhook.svc", "infoscale-webhook.{{ .Release.Namespace }}.svc", StringComparison.Ordinal)
            .Replace("failurePolicy: Fail\n", "failurePolicy: {{ if .Values.auditOnly }}Ignore{{ else }}Fail{{ end }}\n", StringComparison.Ordinal);
        text = Image().Replace(text, "image: {{ .Values.image }}");
        text = Replicas().Replace(text, "replicas: {{ .Values.replicas }}");
        text = PriorityClass().Replace(text, "priorityClassName: {{ .Values.priorityClassName }}");
        text = LastArgument().Replace(text, $"$0\n        {IfAudit}\n        - --audit\n        {{{{- end }}}}");
        text = CertificateArguments().Replace(text, $"        {IfBuiltIn}\n        - --built-in-certificates\n        {{{{- else }}}}\n$0        {{{{- end }}}}\n");
        text = CertificateMount().Replace(text, $"        {UnlessBuiltIn}\n$0        {{{{- end }}}}\n");
        text = CertificateVolume().Replace(text, $"      {UnlessBuiltIn}\n$0      {{{{- end }}}}\n");
        text = Resources().Replace(text, "        resources:\n          {{- toYaml .Values.resources | nindent 10 }}\n        securityContext:");
        text = text.Replace(
            "        ports:\n        - name: https\n          containerPort",
            "        {{- with .Values.env }}\n        env:\n          {{- toYaml . | nindent 8 }}\n        {{- end }}\n        ports:\n        - name: https\n          containerPort",
            StringComparison.Ordinal);
        text = Configuration().Replace(text,
            """
              config.yaml: |
                {{- $configuration := deepCopy .Values.configuration }}
                {{- if .Values.auditOnly }}{{ $configuration = merge (dict "mode" "audit" "strictest" "audit") $configuration }}{{ end }}
                {{- toYaml $configuration | nindent 4 }}

            """);
        text = PodSpec().Replace(text,
            """
            $0
                  {{- with .Values.imagePullSecrets }}
                  imagePullSecrets:
                    {{- toYaml . | nindent 8 }}
                  {{- end }}
                  {{- with .Values.nodeSelector }}
                  nodeSelector:
                    {{- toYaml . | nindent 8 }}
                  {{- end }}
                  {{- with .Values.tolerations }}
                  tolerations:
                    {{- toYaml . | nindent 8 }}
                  {{- end }}
            """);
        text = ServiceMetadata().Replace(text,
            """
            $0
              {{- if eq .Values.certificates "service-ca" }}
              annotations:
                service.beta.openshift.io/serving-cert-secret-name: infoscale-webhook-tls
              {{- end }}
            """);
        text = WebhookMetadata().Replace(text,
            """
            $0
              {{- if eq .Values.certificates "service-ca" }}
              annotations:
                service.beta.openshift.io/inject-cabundle: "true"
              {{- else if eq .Values.certificates "cert-manager" }}
              annotations:
                cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/infoscale-webhook
              {{- else if eq .Values.certificates "built-in" }}
              annotations:
                infoscale.internal/certificates: built-in
              {{- end }}
            """);
        return ClientConfig().Replace(text,
            """
            $0
                {{- with .Values.caBundle }}
                caBundle: {{ . }}
                {{- end }}
            """);
    }

    [GeneratedRegex("(?<=\n +- name: webhook\n +)image: infoscale-webhook:.*")]
    private static partial Regex Image();

    [GeneratedRegex(@"(?<=\n  )replicas: \d+")]
    private static partial Regex Replicas();

    [GeneratedRegex("(?<=\n      )priorityClassName: .*")]
    private static partial Regex PriorityClass();

    [GeneratedRegex("(?<=\n        args:\n(?:        - .*\n)*)        - --port=8443")]
    private static partial Regex LastArgument();

    [GeneratedRegex("        - --cert=.*\n        - --key=.*\n")]
    private static partial Regex CertificateArguments();

    [GeneratedRegex("        - name: tls\n(?:          .*\n)+")]
    private static partial Regex CertificateMount();

    [GeneratedRegex("(?<=\n)      - name: tls\n(?:        .*\n)+")]
    private static partial Regex CertificateVolume();

    [GeneratedRegex("        resources:\n(?:          .*\n)+        securityContext:")]
    private static partial Regex Resources();

    [GeneratedRegex("  config.yaml: \\|\n(?:    .*\n?)+")]
    private static partial Regex Configuration();

    [GeneratedRegex("      enableServiceLinks: false")]
    private static partial Regex PodSpec();

    [GeneratedRegex("(?<=kind: Service\nmetadata:\n)(?:  .*\n)*    app.kubernetes.io/name: infoscale-webhook")]
    private static partial Regex ServiceMetadata();

    [GeneratedRegex("(?<=kind: (?:Validating|Mutating)WebhookConfiguration\nmetadata:\n)(?:  .*\n)*    app.kubernetes.io/name: infoscale-webhook")]
    private static partial Regex WebhookMetadata();

    [GeneratedRegex("(?<=      serverName: .*\n)      ca:.*\n(?:       .*\n)+")]
    private static partial Regex Authority();

    [GeneratedRegex("  clientConfig: &clientConfig")]
    private static partial Regex ClientConfig();
}
