using System.Diagnostics;

namespace Rollcall.EndToEnd.Tests;

/// <summary>Waits for what becomes true in another process.</summary>
static class Eventually
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks again and again until there is a result.</summary>
    /// <param name="what">What is waited for, to complete "Not within a minute: ".</param>
    /// <param name="limit">How long.</param>
    /// <param name="find">Looks for the result; null if it is not there yet.</param>
    public static async Task<T> FindAsync<T>(string what, TimeSpan limit, Func<Task<T?>> find)
        where T : class
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await find() is { } found)
            {
                return found;
            }

            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                Assert.Fail($"Not within {limit.TotalSeconds} s: {what}.");
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks again and again until it is true.</summary>
    public static Task BeTrueAsync(string what, TimeSpan limit, Func<Task<bool>> ask) =>
        FindAsync(what, limit, async () => await ask() ? "true" : null);
}
