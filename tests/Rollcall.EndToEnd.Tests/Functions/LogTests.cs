using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>What the app logs.</summary>
public sealed class LogTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    [Fact]
    public void Start_OfTheApp_LogsNoWarning()
    {
        string[] lines = Fixture.StartOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.DoesNotContain(lines, line => !IsExpected(line));
        Assert.NotEmpty(lines);
    }

    // What the stand-in for `func start` reports of itself, and the extension's warning that the storage account responds slowly, which it
    // does on a busy machine.
    static bool IsExpected(string line) =>
        line.StartsWith("Worker ", StringComparison.Ordinal)
        || line.StartsWith("Listening on ", StringComparison.Ordinal)
        || line.Contains("DurableTask.AzureStorage[121]", StringComparison.Ordinal);
}
