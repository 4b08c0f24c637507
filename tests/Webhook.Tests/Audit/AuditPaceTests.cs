using Webhook.Audit;
using Webhook.Enforcement;
using Webhook.Rules;

namespace Webhook.Tests.Audit;

public sealed class AuditPaceTests
{
    private static readonly EnforcementSettings Settings = EnforcementSettings.Default;
    private static readonly ClusterObjects Seen = ClusterObjects.Given([]);
    private readonly AuditPace _pace = new();
    private DateTimeOffset _now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_run_is_a_full_one_and_the_next_comes_at_the_interval()
    {
        Assert.Equal("full", Due());
        Ended(isFull: true, isWhole: true);
        Assert.Equal("", After(TimeSpan.FromMinutes(29)));
        Assert.Equal("full", After(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_change_of_cluster_or_settings_is_judged_after_the_rest()
    {
        Ended(isFull: true, isWhole: true);
        Assert.Equal("", Due(ClusterObjects.Given([])));
        _now += AuditPace.Debounce;
        Assert.Equal("changes", Due(ClusterObjects.Given([])));
        Assert.Equal("changes", Due(settings: Settings with { Mode = EnforcementMode.Warn }));
        Assert.Equal("", Due());
    }

    [Theory]
    [InlineData(true)] // The reports could not be read: without them nothing can be written.
    [InlineData(false)] // Somebody else wrote a report: it has to be read again.
    public void After_a_run_that_was_not_whole_a_full_one_follows_but_not_without_a_rest(bool isFull)
    {
        Ended(isFull: true, isWhole: true);
        Ended(isFull, isWhole: false);
        Assert.Equal("", After(TimeSpan.FromSeconds(4)));
        Assert.Equal("full", After(TimeSpan.FromSeconds(1)));
        Ended(isFull: true, isWhole: true);
        Assert.Equal("", After(TimeSpan.FromMinutes(29)));
    }

    [Fact]
    public void The_rest_grows_with_what_a_run_takes()
    {
        Ended(isFull: true, isWhole: false, took: TimeSpan.FromSeconds(3));
        Assert.Equal("", After(TimeSpan.FromSeconds(29)));
        Assert.Equal("full", After(TimeSpan.FromSeconds(1)));
    }

    private string After(TimeSpan time)
    {
        _now += time;
        return Due();
    }

    private string Due(ClusterObjects? seen = null, EnforcementSettings? settings = null) =>
        !_pace.IsDue(seen ?? Seen, settings ?? Settings, _now, out bool isFull) ? "" : isFull ? "full" : "changes";

    private void Ended(bool isFull, bool isWhole, TimeSpan took = default) => _pace.Ended(Seen, Settings, isFull, isWhole, took, _now);
}
