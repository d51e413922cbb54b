using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Rollcall.Tests;
using Xunit.v3;

[assembly: TestLimit]

namespace Rollcall.Tests;

/// <summary>
/// Ends the run, with its name on stderr, when a test takes longer than any should. Otherwise a test that waits for what never comes would
/// end as a time limit of the build, which names no test.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class TestLimitAttribute : BeforeAfterTestAttribute
{
    static readonly ConcurrentDictionary<string, Timer> Running = new();

    // Five times what the longest one takes on an idle machine, unless it is told to take longer.
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(
        Environment.GetEnvironmentVariable("ROLLCALL_TEST_MINUTES") is { Length: > 0 } text
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : 10);

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        Running[test.UniqueID] = new Timer(_ => End(test.TestDisplayName), state: null, Limit, Timeout.InfiniteTimeSpan);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (Running.TryRemove(test.UniqueID, out var timer))
        {
            timer.Dispose();
        }
    }

    static void End(string test)
    {
        Console.Error.WriteLine($"{test} has not ended after {Limit.TotalMinutes} minutes. The run of this module ends here.");
        Environment.Exit(1);
    }
}
