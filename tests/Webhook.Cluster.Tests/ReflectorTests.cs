using Microsoft.AspNetCore.Http;
using Webhook.Resources;

namespace Webhook.Cluster.Tests;

public sealed class ReflectorTests
{
    [Fact]
    public async Task A_list_comes_in_pages_and_is_taken_over_when_it_is_complete()
    {
        await using FakeApiServer server = await Networks();
        server.PageSize = 2;
        foreach (string name in (string[])["a", "b", "c", "d", "e"])
        {
            server.Put(name, "x");
        }

        await using Running running = Running.Start(server);
        Assert.Equal("listed 5", await running.HearAsync("listed"));
        StoreChange change = await running.ChangeAsync();
        Assert.Equal((5, 0, CacheState.Listed), (change.Upserts.Count, change.Deletes.Count, change.State));
        Assert.Equal("?limit=500", await server.NextAsync("list"));
        Assert.Equal("?limit=500&continue=2", await server.NextAsync("list"));
        Assert.Equal("?limit=500&continue=4", await server.NextAsync("list"));
        Assert.Contains("watch=1&allowWatchBookmarks=true&resourceVersion=105&timeoutSeconds=3", await server.NextAsync("watch"), StringComparison.Ordinal);
        Assert.Equal((CacheState.Listed, 5), (running.Reflector.Status.State, running.Reflector.Status.Count));
    }

    [Fact]
    public async Task A_continue_token_that_has_expired_starts_the_list_again()
    {
        await using FakeApiServer server = await Networks();
        server.PageSize = 1;
        server.Put("a", "x");
        server.Put("b", "x");
        server.Fault("list", async context =>
        {
            server.Fault("list", 410);
            await context.Response.WriteAsync("""{"items":[],"metadata":{"resourceVersion":"9","continue":"old"}}""");
        });
        await using Running running = Running.Start(server);
        await running.HearAsync("failed gone list network-attachment-definitions.k8s.cni.cncf.io: 410");
        Assert.Equal(CacheState.Unlisted, running.Reflector.Status.State);
        Assert.Equal("listed 2", await running.HearAsync("listed"));
        Assert.Equal(["a", "b"], running.Names);
    }

    [Fact]
    public async Task A_defect_of_this_program_is_told_and_costs_one_try()
    {
        await using FakeApiServer server = await Networks();
        server.Put("a", "x");
        await using Running running = Running.Start(server, new BrokenOnce());
        Assert.EndsWith("a defect of this program (InvalidOperationException)", await running.HearAsync("failed "), StringComparison.Ordinal);
        Assert.Equal("listed 1", await running.HearAsync("listed"));
    }

    [Fact]
    public async Task Events_change_the_store_and_are_passed_on()
    {
        await using FakeApiServer server = await Networks();
        server.Put("a", "x");
        await using Running running = Running.Start(server);
        await running.ChangeAsync();
        server.Put("b", "x");
        Assert.Equal("b", Assert.Single((await running.ChangeAsync()).Upserts).Name);
        server.Put("a", "x", """{"config":"changed"}""");
        Assert.Equal("changed", Assert.Single((await running.ChangeAsync()).Upserts).Root["spec"]["config"].Text);
        server.Delete("a", "x");
        Assert.Equal("a", Assert.Single((await running.ChangeAsync()).Deletes).Name);
        Assert.Equal(["b"], running.Names);
    }

    [Fact]
    public async Task Events_that_come_twice_or_too_late_or_change_nothing_that_is_kept_do_nothing()
    {
        await using FakeApiServer server = await Networks();
        await using Running running = Running.Start(server);
        await running.ChangeAsync();
        server.Put("a", "x", """{"config":"1"}""");
        server.Put("a", "x", """{"config":"2"}""");
        await running.ChangeAsync();
        await running.ChangeAsync();
        server.Send("""{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"x","uid":"uid-a","resourceVersion":"101"},"spec":{"config":"1"}}}""");
        server.Send("""{"type":"ADDED","object":{"metadata":{"name":"a","namespace":"x","uid":"uid-a","resourceVersion":"102"},"spec":{"config":"2"}}}""");
        server.Send("""{"type":"DELETED","object":{"metadata":{"name":"a","namespace":"x","uid":"uid-earlier","resourceVersion":"90"},"spec":{}}}""");
        server.Send("""{"type":"DELETED","object":{"metadata":{"name":"never","namespace":"x","uid":"u","resourceVersion":"91"},"spec":{}}}""");
        server.Put("a", "x", """{"config":"2"}""");
        server.Put("b", "x");
        Assert.Equal("b", Assert.Single((await running.ChangeAsync()).Upserts).Name);
        Assert.Equal("2", running.Reflector.Store.Find(new ObjectKey("x", "a"))!.Root["spec"]["config"].Text);
    }

    [Fact]
    public async Task An_object_that_was_made_anew_replaces_the_one_of_its_name_and_outlives_its_late_deletion()
    {
        await using FakeApiServer server = await Networks();
        server.Put("a", "x");
        await using Running running = Running.Start(server);
        await running.ChangeAsync();
        server.Put("a", "x", """{"config":"second"}""", uid: "second");
        Assert.Equal("second", Assert.Single((await running.ChangeAsync()).Upserts).Uid);
        server.Send("""{"type":"DELETED","object":{"metadata":{"name":"a","namespace":"x","uid":"uid-a","resourceVersion":"999"}}}""");
        server.Put("b", "x");
        await running.ChangeAsync();
        Assert.Equal(["a", "b"], running.Names);
    }

    [Fact]
    public async Task A_bookmark_moves_the_place_from_which_a_cut_watch_goes_on()
    {
        await using FakeApiServer server = await Networks();
        server.Fault("watch", static context => context.Response.WriteAsync(
            """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"777"}}}""" + "\n" + """{"type":"ADDED","object":{"metad"""));
        await using Running running = Running.Start(server);
        await running.HearAsync("failed cut watch");
        running.Time.Advance(await running.WaitAsync());
        await server.NextAsync("watch");
        Assert.Contains("resourceVersion=777", await server.NextAsync("watch"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_cut_within_an_event_loses_nothing()
    {
        await using FakeApiServer server = await Networks();
        server.Put("a", "x");
        var cut = new TaskCompletionSource();
        server.Fault("watch", async context =>
        {
            await context.Response.WriteAsync(
                """{"type":"ADDED","object":{"metadata":{"name":"whole","namespace":"x","resourceVersion":"102"}}}""" + "\n"
                + """{"type":"ADDED","object":{"metadata":{"name":"half""");
            await context.Response.Body.FlushAsync();
            await cut.Task;
            context.Abort();
        });
        await using Running running = Running.Start(server);
        await running.ChangeAsync();
        await running.ChangeAsync();
        cut.SetResult();
        await running.HearAsync("failed cut watch");
        Assert.Equal(["a", "whole"], running.Names);
        server.Put("b", "x");
        server.Put("c", "x");
        running.Time.Advance(await running.WaitAsync());
        await running.ChangeAsync();
        Assert.Equal(["a", "c", "whole"], running.Names);
        Assert.Equal("?limit=500", await server.NextAsync("list"));
        await server.NextAsync("watch");
        Assert.Contains("resourceVersion=102", await server.NextAsync("watch"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_open_stream_is_given_up_after_its_time()
    {
        await using FakeApiServer server = await Networks();
        server.Fault("watch", async context =>
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using Running running = Running.Start(server);
        await running.HearAsync("watching"); // the answer has begun, and the age counts from there
        running.Time.Advance(Reflector.WatchTime);
        Assert.True(running.Reflector.Status.Age >= Reflector.WatchTime);
        running.Time.Advance((Reflector.WatchTime / 5) + ApiClient.WatchGrace);
        await running.HearAsync("failed timeout watch");
        await running.WaitAsync();
        server.Put("b", "x");
        running.Time.Advance(Backoff.Longest);
        await running.ChangeAsync();
        await running.ChangeAsync();
        Assert.Equal(["b"], running.Names);
        Assert.Equal(TimeSpan.Zero, running.Reflector.Status.Age);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_that_is_too_old_is_answered_by_a_list(bool asEvent)
    {
        await using FakeApiServer server = await Networks();
        server.Put("a", "x");
        server.Put("b", "x");
        if (asEvent)
        {
            server.Fault("watch", context => context.Response.WriteAsync(
                """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}}""" + "\n"));
        }
        else
        {
            server.Fault("watch", 410);
        }

        await using Running running = Running.Start(server);
        await running.HearAsync("failed gone watch");
        Assert.Equal(["a", "b"], running.Names);
        await running.ChangeAsync();
        server.Delete("a", "x");
        Assert.Equal("listed 1", await running.HearAsync("listed"));
        StoreChange change = await running.ChangeAsync();
        Assert.Equal((0, "a"), (change.Upserts.Count, Assert.Single(change.Deletes).Name));
    }

    [Fact]
    public async Task A_storm_of_410_is_answered_slower_and_slower()
    {
        await using FakeApiServer server = await Networks();
        for (int i = 0; i < 8; i++)
        {
            server.Fault("watch", 410);
        }

        await using Running running = Running.Start(server);
        var waits = new List<TimeSpan>();
        for (int i = 0; i < 8; i++)
        {
            waits.Add(await running.WaitAsync());
            running.Time.Advance(waits[^1]);
        }

        for (int i = 0; i < waits.Count; i++)
        {
            double most = Math.Min(Math.Pow(2, i), 30);
            Assert.InRange(waits[i].TotalSeconds, most / 2, most);
        }
    }

    [Fact]
    public async Task A_server_that_is_busy_is_left_alone_as_long_as_it_asks()
    {
        await using FakeApiServer server = await Networks();
        server.Fault("list", 429, retryAfter: "17");
        await using Running running = Running.Start(server);
        await running.HearAsync("failed too_many_requests list");
        Assert.Equal(TimeSpan.FromSeconds(17), await running.WaitAsync());
        running.Time.Advance(TimeSpan.FromSeconds(17));
        await running.HearAsync("listed 0");
    }

    [Fact]
    public async Task A_server_error_leaves_the_last_view_and_what_is_missing_is_told()
    {
        await using FakeApiServer server = await Networks();
        server.Put("a", "x");
        server.Fault("discover", 503);
        server.Fault("list", 500);
        server.Fault("watch", 504);
        await using Running running = Running.Start(server);
        var readiness = new CacheReadiness([running.Reflector.Status]);
        await running.HearAsync("failed server_error look up API group k8s.cni.cncf.io: 503");
        Assert.Equal("not listed yet: NetworkAttachmentDefinition.k8s.cni.cncf.io", readiness.Problem);
        await running.HearAsync("failed server_error list");
        await running.HearAsync("listed 1");
        Assert.Null(readiness.Problem);
        await running.HearAsync("failed server_error watch");
        Assert.Equal(["a"], running.Names);
        Assert.Null(readiness.Problem);
    }

    [Fact]
    public async Task A_list_that_brings_nothing_is_given_up_and_tried_again()
    {
        await using FakeApiServer server = await Networks();
        server.Fault("list", async context =>
        {
            await context.Response.WriteAsync("""{"items":[""");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using Running running = Running.Start(server);
        await server.NextAsync("list");

        // The first bytes may or may not have started the time anew.
        running.Time.Advance(ApiClient.AnswerPatience);
        Task<string> failed = running.HearAsync("failed timeout list");
        while (!failed.IsCompleted)
        {
            running.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await failed;
        await running.HearAsync("listed 0");
    }

    [Fact]
    public async Task A_kind_that_is_not_served_is_looked_for_again_and_found_when_it_is_installed()
    {
        await using FakeApiServer server = await Networks();
        server.Served = [];
        await using Running running = Running.Start(server);
        var readiness = new CacheReadiness([running.Reflector.Status]);
        await running.HearAsync("absent");
        Assert.Equal(CacheState.Absent, (await running.ChangeAsync()).State);
        Assert.Null(readiness.Problem);
        TimeSpan wait = await running.WaitAsync();
        Assert.InRange(wait, Reflector.LookAgain / 2, Reflector.LookAgain);
        server.Served = ["v1"];
        server.Put("a", "x");
        running.Time.Advance(wait);
        await running.HearAsync("listed 1");
        Assert.Equal(CacheState.Listed, (await running.ChangeAsync()).State);
    }

    [Fact]
    public async Task A_kind_of_a_group_that_serves_only_others_is_absent()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(ClusterKind.ClusterUserDefinedNetwork);
        server.Fault("discover", static context => context.Response.WriteAsync("""{"versions":[{"version":"v1"}]}"""));
        server.Fault("discover", static context => context.Response.WriteAsync("""{"resources":[{"name":"egressfirewalls"}]}"""));
        await using Running running = Running.Start(server);
        await running.HearAsync("absent");
    }

    [Fact]
    public async Task The_preferred_version_among_those_that_are_served_is_taken()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(ClusterKind.NodeNetworkConfigurationPolicy);
        server.Served = ["v1alpha1", "v1beta1"];
        await using Running running = Running.Start(server);
        await running.HearAsync("listed 0");
        Assert.Equal("v1beta1", running.Reflector.Version);
    }

    [Fact]
    public async Task A_kind_that_is_taken_away_is_gone_only_at_the_second_look()
    {
        await using FakeApiServer server = await Networks();
        server.Put("a", "x");
        server.Fault("watch", 404);
        await using Running running = Running.Start(server);
        await running.ChangeAsync();
        server.Served = [];
        await running.HearAsync("failed not_found watch");
        running.Time.Advance(await running.WaitAsync());
        TimeSpan wait = await running.WaitAsync();
        Assert.Equal((CacheState.Listed, 1), (running.Reflector.Status.State, running.Reflector.Status.Count));
        running.Time.Advance(wait);
        await running.HearAsync("absent");
        StoreChange change = await running.ChangeAsync();
        Assert.Equal((CacheState.Absent, "a"), (change.State, Assert.Single(change.Deletes).Name));
    }

    [Fact]
    public async Task A_kind_that_may_not_be_listed_says_which_right_is_missing_and_does_not_keep_the_webhook_waiting()
    {
        await using FakeApiServer server = await Networks();
        server.Fault("list", 403);
        await using Running running = Running.Start(server);
        var readiness = new CacheReadiness([running.Reflector.Status]);
        await running.HearAsync("failed forbidden list network-attachment-definitions.k8s.cni.cncf.io: 403");
        TimeSpan wait = await running.WaitAsync();
        Assert.InRange(wait, Reflector.LookAgain / 2, Reflector.LookAgain);
        Assert.Equal(CacheState.Forbidden, running.Reflector.Status.State);
        Assert.Equal(CacheState.Forbidden, (await running.ChangeAsync()).State);
        Assert.Null(readiness.Problem);
        running.Time.Advance(wait);
        await running.HearAsync("listed 0");
        Assert.Equal(CacheState.Listed, (await running.ChangeAsync()).State);
    }

    [Theory]
    [InlineData("{\"type\":\"ADDED\",\"object\":{\"metadata\":")]
    [InlineData("{\"type\":\"ADDED\",\"object\":{}}")]
    [InlineData("{\"type\":\"SURPRISE\",\"object\":{\"metadata\":{\"name\":\"a\"}}}")]
    [InlineData("[]")]
    public async Task A_line_that_cannot_be_read_is_answered_by_a_list(string line)
    {
        await using FakeApiServer server = await Networks();
        server.Fault("watch", context => context.Response.WriteAsync(line + "\n"));
        await using Running running = Running.Start(server);
        await running.HearAsync("failed malformed watch");
        server.Put("a", "x");
        await running.HearAsync("listed 1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"items\":[")]
    [InlineData("[]")]
    [InlineData("{\"items\":[{\"metadata\":{}}],\"metadata\":{\"resourceVersion\":\"1\"}}")]
    [InlineData("{\"items\":[],\"metadata\":{}}")]
    [InlineData("{\"items\":[}")]
    public async Task A_list_that_cannot_be_read_leaves_the_kind_unlisted(string body)
    {
        await using FakeApiServer server = await Networks();
        server.Fault("list", context => context.Response.WriteAsync(body));
        await using Running running = Running.Start(server);
        await running.HearAsync("failed ");
        Assert.Equal(CacheState.Unlisted, running.Reflector.Status.State);
        await running.HearAsync("listed 0");
    }

    [Fact]
    public async Task Huge_objects_come_through_a_list_and_a_watch()
    {
        await using FakeApiServer server = await Networks();
        string huge = new('x', 3_000_000);
        server.Put("a", "x", $$"""{"config":"{{huge}}"}""");
        await using Running running = Running.Start(server);
        Assert.Equal(huge.Length, Assert.Single((await running.ChangeAsync()).Upserts).Root["spec"]["config"].Text!.Length);
        server.Put("b", "x", $$"""{"config":"{{huge}}"}""");
        Assert.Equal(huge.Length, Assert.Single((await running.ChangeAsync()).Upserts).Root["spec"]["config"].Text!.Length);
    }

    [Fact]
    public async Task A_watch_that_ends_at_its_time_goes_on_at_once_and_one_that_ends_too_soon_waits()
    {
        await using FakeApiServer server = await Networks();
        var end = new TaskCompletionSource();
        server.Fault("watch", async context =>
        {
            await context.Response.Body.FlushAsync();
            await end.Task;
        });
        await using Running running = Running.Start(server);
        await server.NextAsync("watch");
        running.Time.Advance(Reflector.WatchTime);
        server.Fault("watch", static context => context.Response.Body.FlushAsync());
        end.SetResult();
        await server.NextAsync("watch");
        await running.HearAsync("failed cut");
        await running.WaitAsync();
    }

    private static Task<FakeApiServer> Networks() => FakeApiServer.StartAsync(ClusterKind.NetworkAttachmentDefinition);

    private sealed class BrokenOnce : ClusterCredentials
    {
        private int _calls;

        internal override ValueTask<ApiResult<Credential>> GetAsync(CancellationToken cancellation) =>
            _calls++ == 0 ? throw new InvalidOperationException() : Anonymous.GetAsync(cancellation);
    }
}
