using System.Diagnostics;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>Waits for something that another process does, as short as it takes.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is yes; fails when it never is.</summary>
    /// <param name="what">What is waited for, for the failure.</param>
    /// <param name="seconds">The longest wait, in seconds.</param>
    /// <param name="isSo">The question.</param>
    /// <param name="state">Tells what was there instead.</param>
    public static async Task UntilAsync(string what, int seconds, Func<Task<bool>> isSo, Func<string>? state = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (watch.Elapsed.TotalSeconds > seconds)
            {
                throw new TimeoutException($"not within {seconds} s: {what}\n{state?.Invoke()}");
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
