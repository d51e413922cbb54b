using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>What the app logs.</summary>
public sealed class LogTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    [Fact]
    public void Start_OfTheApp_LogsNoWarning()
    {
        string[] lines = Fixture.StartOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        // What the stand-in for `func start` says of itself.
        Assert.DoesNotContain(
            lines,
            line => !line.StartsWith("Worker ", StringComparison.Ordinal) && !line.StartsWith("Listening on ", StringComparison.Ordinal));
        Assert.NotEmpty(lines);
    }
}
