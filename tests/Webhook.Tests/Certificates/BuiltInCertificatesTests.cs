using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webhook.Certificates;
using Webhook.Cluster;

namespace Webhook.Tests.Certificates;

public sealed class BuiltInCertificatesTests
{
    private static readonly TimeSpan Settled = BuiltInCertificates.Settling;

    [Fact]
    public async Task Two_replicas_that_start_at_once_share_the_certificate_of_the_first()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica first = new(cluster), second = new(cluster);

        // The second one looks, finds nothing, and is overtaken.
        cluster.BeforeWrite = () => first.LookAsync();
        Assert.Null(await second.LookAsync());
        Assert.Equal("GET secrets, POST secrets, GET secrets, POST secrets", string.Join(", ", cluster.Calls.Take(4)));
        Assert.Contains("have to hear of it first", second.BuiltIn.Problem, StringComparison.Ordinal);

        cluster.Time.Advance(Settled);
        await first.LookAsync();
        await second.LookAsync();
        Assert.Null(first.BuiltIn.Problem);
        Assert.Null(second.BuiltIn.Problem);
        Assert.Equal(first.Served!.Thumbprint, second.Served!.Thumbprint);
        Assert.Equal(X509Certificate2.CreateFromPem(cluster.Text("tls.crt")).Thumbprint, first.Served.Thumbprint);
        Assert.Single(cluster.Bundles().Distinct());
        Assert.Equal(4, cluster.Bundles().Count);
        Assert.Contains("A certificate was made", first.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("A certificate was made", second.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_that_starts_later_is_ready_at_its_first_look_and_writes_nothing()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica first = new(cluster), second = new(cluster);
        await first.LookAsync();
        cluster.Time.Advance(TimeSpan.FromHours(1));
        await first.LookAsync();
        cluster.Calls.Clear();
        Assert.Null(await second.LookAsync());
        Assert.Null(second.BuiltIn.Problem);
        Assert.Equal(["GET secrets", "GET validatingwebhookconfigurations", "GET mutatingwebhookconfigurations"], cluster.Calls);
    }

    [Fact]
    public async Task The_certificate_is_one_that_an_API_server_takes()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica replica = new(cluster);
        await replica.LookAsync();
        using X509Certificate2 leaf = X509Certificate2.CreateFromPem(cluster.Text("tls.crt"), cluster.Text("tls.key"));
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(cluster.Text("ca.crt"));
        Assert.Equal(ECCurve.NamedCurves.nistP256.Oid.Value, leaf.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value);
        Assert.Equal(ECCurve.NamedCurves.nistP256.Oid.Value, authority.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value);
        Assert.True(leaf.MatchesHostname("infoscale-webhook.infoscale-webhook.svc", allowWildcards: false, allowCommonName: false));
        Assert.True(authority.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(90, Math.Round((leaf.NotAfter - cluster.Time.GetUtcNow()).TotalDays));
        Assert.Equal("kubernetes.io/tls", (string?)cluster.Secret!["type"]);
        Assert.Equal(["ca.crt", "tls.crt", "tls.key"], cluster.Secret["data"]!.AsObject().Select(static field => field.Key)); // no key of the authority
    }

    [Fact]
    public async Task It_is_renewed_a_month_before_its_end_with_old_and_new_authority_together_until_the_old_one_ends()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica first = new(cluster), second = new(cluster);
        await StartAsync(cluster, first, second);
        string before = first.Served!.Thumbprint;
        cluster.Time.Advance(TimeSpan.FromDays(59));
        await LookAsync(first, second);
        Assert.Equal(before, X509Certificate2.CreateFromPem(cluster.Text("tls.crt")).Thumbprint);

        // The authority is published before anything is served that it signed.
        cluster.Time.Advance(TimeSpan.FromDays(1));
        await LookAsync(first, second);
        Assert.NotEqual(before, X509Certificate2.CreateFromPem(cluster.Text("tls.crt")).Thumbprint);
        Assert.All(cluster.Bundles(), static bundle => Assert.Equal(2, AuthorityBundle.Read(bundle!).Authorities.Count));
        Assert.Equal((before, before), (first.Served.Thumbprint, second.Served!.Thumbprint));
        Assert.Null(first.BuiltIn.Problem);

        cluster.Time.Advance(Settled);
        await LookAsync(first, second);
        Assert.NotEqual(before, first.Served.Thumbprint);
        Assert.Equal(first.Served.Thumbprint, second.Served.Thumbprint);
        Assert.All(cluster.Bundles(), static bundle => Assert.Equal(2, AuthorityBundle.Read(bundle!).Authorities.Count));

        cluster.Time.Advance(TimeSpan.FromDays(31));
        await LookAsync(first, second);
        Assert.All(cluster.Bundles(), static bundle => Assert.Single(AuthorityBundle.Read(bundle!).Authorities));
        Assert.Null(first.BuiltIn.Problem);
    }

    [Fact]
    public async Task A_deleted_Secret_is_a_renewal_at_once()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica first = new(cluster), second = new(cluster);
        await StartAsync(cluster, first, second);
        string before = first.Served!.Thumbprint;
        cluster.DeleteSecret();
        await LookAsync(first, second);
        Assert.Equal((before, before), (first.Served.Thumbprint, second.Served!.Thumbprint));
        cluster.Time.Advance(Settled);
        await LookAsync(first, second);
        Assert.NotEqual(before, first.Served.Thumbprint);
        Assert.Equal(first.Served.Thumbprint, second.Served.Thumbprint);
    }

    [Theory]
    [InlineData("tls.key", "no key")]
    [InlineData("ca.crt", "")]
    [InlineData("tls.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public async Task A_Secret_that_does_not_fit_together_is_replaced(string field, string text)
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica replica = new(cluster);
        await StartAsync(cluster, replica);
        cluster.SetSecret(field, text);
        Assert.Null(await replica.LookAsync());
        Assert.Null(replica.BuiltIn.Problem);
        cluster.Time.Advance(Settled);
        await replica.LookAsync();
        Assert.Equal(X509Certificate2.CreateFromPem(cluster.Text("tls.crt")).Thumbprint, replica.Served!.Thumbprint);
    }

    [Theory]
    [InlineData("GET secrets", 500)]
    [InlineData("GET secrets", 403)]
    [InlineData("GET validating", 503)]
    [InlineData("GET mutating", 403)]
    public async Task What_cannot_be_read_for_once_changes_nothing(string call, int code)
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica replica = new(cluster);
        await StartAsync(cluster, replica);
        string before = replica.Served!.Thumbprint;
        cluster.Fault = (call, code);
        cluster.Calls.Clear();
        Assert.NotNull(await replica.LookAsync());
        Assert.Null(replica.BuiltIn.Problem);
        Assert.Equal(before, replica.Served.Thumbprint);
        Assert.DoesNotContain(cluster.Calls, static made => !made.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_an_API_server_at_the_start_it_is_not_ready_and_says_why()
    {
        CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica replica = new(cluster);
        await cluster.DisposeAsync();
        Assert.Equal(ApiErrorKind.Unreachable, (await replica.LookAsync())?.Kind);
        Assert.StartsWith(
            "the certificate of Secret infoscale-webhook/infoscale-webhook-certificate is not served yet: get secrets: ", replica.BuiltIn.Problem,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_may_publish_is_not_served()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica replica = new(cluster);
        cluster.Fault = ("PATCH", 403);
        await replica.LookAsync();
        Assert.EndsWith("patch validatingwebhookconfigurations: 403, the account has no right to", replica.BuiltIn.Problem, StringComparison.Ordinal);
        Assert.Null(replica.Served);
    }

    [Fact]
    public async Task Only_webhooks_of_the_own_configuration_that_lead_to_the_own_Service_are_changed()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        cluster.Configure("validatingwebhookconfigurations", "infoscale-webhook", "infoscale-webhook", "somebody-else");
        cluster.Configure("validatingwebhookconfigurations", "other", "infoscale-webhook", "other");
        using Replica replica = new(cluster);
        await StartAsync(cluster, replica);
        Assert.Equal([false, true, false, false], cluster.Bundles().Select(static bundle => bundle is null));
        Assert.All(cluster.Bundles("other"), Assert.Null);
        Assert.Null(replica.BuiltIn.Problem);
    }

    [Fact]
    public async Task A_configuration_that_is_missing_or_made_later_stops_nothing()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync("validatingwebhookconfigurations");
        using Replica replica = new(cluster);
        await StartAsync(cluster, replica);
        Assert.Null(replica.BuiltIn.Problem);
        cluster.Configure("mutatingwebhookconfigurations", "infoscale-webhook", "infoscale-webhook");
        await replica.LookAsync();
        Assert.Single(cluster.Bundles().Distinct());
    }

    [Fact]
    public async Task What_still_holds_stays_in_a_caBundle_and_what_has_ended_or_cannot_be_read_goes()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        IssuedCertificate other = IssuedCertificate.Make(["other.test"], cluster.Time.GetUtcNow()), old = IssuedCertificate.Make(["old.test"], cluster.Time.GetUtcNow().AddDays(-91));
        cluster.SetBundles(AuthorityBundle.Of([other.Authority, old.Authority]).Write());
        using Replica replica = new(cluster);
        await StartAsync(cluster, replica);
        AuthorityBundle bundle = AuthorityBundle.Read(cluster.Bundles()[0]!);
        Assert.Equal((2, true, false), (bundle.Authorities.Count, bundle.Contains(other.Authority), bundle.Contains(old.Authority)));

        cluster.SetBundles("Cg==");
        await replica.LookAsync();
        Assert.All(cluster.Bundles(), static mended => Assert.Single(AuthorityBundle.Read(mended!).Authorities));
    }

    [Fact]
    public async Task Somebody_who_changes_a_configuration_meanwhile_loses_nothing()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync("validatingwebhookconfigurations");
        using Replica replica = new(cluster);
        cluster.BeforeWrite = () =>
        {
            // Before the Secret is written; the next one stands before the patch.
            cluster.BeforeWrite = () =>
            {
                cluster.Configure("validatingwebhookconfigurations", "infoscale-webhook", "infoscale-webhook");
                return Task.CompletedTask;
            };
            return Task.CompletedTask;
        };
        Assert.Null(await replica.LookAsync());
        Assert.NotNull(Assert.Single(cluster.Bundles()));
    }

    [Fact]
    public async Task The_key_is_in_no_log()
    {
        await using CertificateCluster cluster = await CertificateCluster.StartAsync();
        using Replica replica = new(cluster);
        await StartAsync(cluster, replica);
        cluster.Fault = ("GET secrets", 500);
        await replica.LookAsync();
        cluster.DeleteSecret();
        cluster.Fault = ("POST", 403);
        await replica.LookAsync();
        Assert.NotEmpty(replica.Log);
        Assert.DoesNotContain("PRIVATE", replica.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", replica.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", replica.BuiltIn.Problem ?? "", StringComparison.Ordinal);
    }

    // Whatever happens in whatever order: a replica that is ready serves what every API server trusts, also one that hears of changes late.
    [Fact]
    public async Task At_no_step_of_any_change_does_an_API_server_meet_a_certificate_that_it_does_not_trust()
    {
        int served = 0, renewals = 0;
        for (int seed = 1; seed <= 6; seed++)
        {
            await using CertificateCluster cluster = await CertificateCluster.StartAsync();
#pragma warning disable CA5394 // The same steps each time.
            var random = new Random(seed);
            Replica[] replicas = [new(cluster), new(cluster)];
            await StartAsync(cluster, replicas);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var known = new Dictionary<(string?, string), bool>();
            bool Trusts(string? bundle, X509Certificate2 leaf, DateTimeOffset now) => known.TryGetValue((bundle, leaf.Thumbprint), out bool answer)
                ? answer && leaf.NotAfter > now
                : known[(bundle, leaf.Thumbprint)] = AuthorityBundle.Read(bundle ?? "Cg==").Trusts(leaf, [], now);
            for (int step = 0; step < 60; step++)
            {
                int which = random.Next(2);
                switch (random.Next(12))
                {
                    case 0:
                        cluster.DeleteSecret();
                        break;
                    case 1:
                        replicas[which].Dispose();
                        replicas[which] = new Replica(cluster);
                        break;
                    case 2:
                        string[] calls = ["GET secrets", "POST secrets", "PUT secrets", "GET validating", "PATCH mutating", "PATCH validating"];
                        cluster.Fault = (calls[random.Next(calls.Length)], random.Next(2) == 0 ? 500 : 409);
                        break;
                    case 3:
                        Replica other = replicas[1 - which];
                        cluster.BeforeWrite = () => other.LookAsync();
                        break;
                    case 4 when random.Next(3) == 0:
                        cluster.Fault = null;
                        await LookAsync(replicas);
                        cluster.Time.Advance(TimeSpan.FromDays(random.Next(25)));
                        break;
                    case 5 or 6:
                        cluster.Time.Advance(TimeSpan.FromSeconds(random.Next(12)));
                        break;
                }
#pragma warning restore CA5394

                await replicas[which].LookAsync();
                foreach (Replica replica in replicas.Where(static replica => replica.BuiltIn.Problem is null))
                {
                    served++;
                    seen.Add(replica.Served!.Thumbprint);
                    foreach (string? bundle in cluster.BundlesWithin(TimeSpan.FromSeconds(9)).SelectMany(static bundles => bundles).Distinct())
                    {
                        Assert.True(Trusts(bundle, replica.Served, cluster.Time.GetUtcNow()), $"seed {seed}, step {step}\n{replica.Log}");
                    }
                }
            }

            renewals += seen.Count - 1;
            Array.ForEach(replicas, static replica => replica.Dispose());
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{served} times ready, {renewals} renewals");
        Assert.True(served > 300 && renewals > 10, $"{served} times ready, {renewals} renewals");
    }

    private static async Task StartAsync(CertificateCluster cluster, params Replica[] replicas)
    {
        await LookAsync(replicas);
        cluster.Time.Advance(Settled);
        await LookAsync(replicas);
        Assert.All(replicas, static replica => Assert.Null(replica.BuiltIn.Problem));
    }

    private static async Task LookAsync(params Replica[] replicas)
    {
        foreach (Replica replica in replicas)
        {
            await replica.LookAsync();
        }
    }
}
