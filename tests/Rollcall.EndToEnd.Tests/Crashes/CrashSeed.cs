using System.Globalization;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>The seed of a crash run, from the environment or random.</summary>
static class CrashSeed
{
    public const string Variable = "ROLLCALL_CRASH_SEED";

    public static int Choose() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
        ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
        : Random.Shared.Next();

    /// <summary>The command that repeats a test with a seed.</summary>
    public static string CommandOf(int seed)
    {
        var test = TestContext.Current.TestCase!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Variable}={seed} {Environment.ProcessPath} -explicit on -method '{test.TestClassName}.{test.TestMethodName}'");
    }
}
