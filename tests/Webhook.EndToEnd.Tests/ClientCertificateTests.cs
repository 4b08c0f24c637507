using System.Net;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>A webhook that answers the API server and nobody else.</summary>
/// <param name="cluster">The cluster, whose API server shows webhooks a certificate.</param>
[Collection(nameof(SmallSchemas))]
public sealed class ClientCertificateTests(SmallSchemaCluster cluster)
{
    [Theory]
    [InlineData("kube-apiserver", "nad-mtu-not-jumbo")]
    [InlineData("somebody", "failed calling webhook")]
    public async Task The_API_server_is_answered_if_its_certificate_has_the_name_and_who_has_none_is_refused(string name, string answer)
    {
        cluster.Require();
        await using WebhookServer webhook = await cluster.WebhookAsync(
            $"client-{name}", cluster.ApiServer.Kubeconfig, "--client-ca", Path.Combine(cluster.CertificateFolder, "ca.crt"), "--client-name", name);
        await webhook.StartAsync(); // its probe has no certificate
        try
        {
            await cluster.UnregisterAsync();
            await cluster.RegisterAsync(TestCluster.Registration.Service, webhook.Port, webhook.Authority);
            await cluster.UntilAsync(answer, result => result.Error.Contains(answer, StringComparison.Ordinal));

            Assert.Equal(name != "kube-apiserver", webhook.Log.Contains("the client certificate has another name than the allowed ones", StringComparison.Ordinal));

            using HttpClient client = webhook.Client();
            using HttpResponseMessage refused = await client.PostAsync(new Uri("/validate", UriKind.Relative), null, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Equal(
                "a client certificate is needed, and none was sent\n", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            await cluster.RegisterAsync(TestCluster.Registration.Service);
        }
    }
}
