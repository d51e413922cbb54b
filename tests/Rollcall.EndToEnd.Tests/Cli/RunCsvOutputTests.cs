using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Results as a table.</summary>
public sealed class RunCsvOutputTests : IDisposable
{
    readonly RunFolder folder = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    string Table => Path.Combine(folder.Path, "results.csv");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_CsvToCsv_HasTheInputsColumnsFirstAndKeepsTheProof()
    {
        await using var target = Target.Start(Responses.Echo);
        string input = Path.Combine(folder.Path, "a.csv");
        await File.WriteAllTextAsync(input, "id,name,n\n007,\"A, B\",1\n008,=x,\n", Cancelled);
        string[] command =
        [
            "run", input, "--to", $"{target.Url}{{{{id}}}}", "-X", "PUT", "--body", """["{{name}}"]""", "--state", folder.State,
        ];

        (await CliProcess.RunAsync([.. command, "-o", Table])).RequireExit(0);

        string[] lines = await File.ReadAllLinesAsync(Table, Cancelled);
        Assert.StartsWith("input.id,name,n,index,id,status,httpStatus,", lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.StartsWith("007,\"A, B\",1,0,,succeeded,200,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("008,\"'=x\",,1,,succeeded,200,", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);

        (await CliProcess.RunAsync([.. command, "-o", Table])).RequireExit(0);
        Assert.Equal(lines, await File.ReadAllLinesAsync(Table, Cancelled));

        (await CliProcess.RunAsync([.. command, "-o", folder.Output])).RequireExit(0);
        Assert.Equal(2, target.Requests.Count);
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", Path.Combine(folder.State, "receipt.json"))).RequireExit(0);
    }

    [Fact]
    public async Task Run_LinesToCsv_HasTheColumnsOfTheResults()
    {
        await using var target = Target.Start(Responses.Echo);
        folder.WriteInput("1", "2");

        (await CliProcess.RunAsync("run", folder.Input, "--to", target.Url, "-o", folder.Output, "--output-format", "csv")).RequireExit(0);

        string[] lines = await File.ReadAllLinesAsync(folder.Output, Cancelled);
        Assert.StartsWith("index,id,status,", lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.StartsWith("1,,succeeded,200,", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TableThatWasChangedAfterAnEarlyEnd_IsNotReplaced()
    {
        await using var target = Target.StartSequence(Responses.With(500, "no"), Responses.With(500, "no"), Responses.Echo);
        folder.WriteInput("1", "2");
        string[] command =
        [
            "run", folder.Input, "--to", target.Url, "-o", Table, "--max-failed", "0", "--max-attempts", "1", "-c", "1",
        ];
        (await CliProcess.RunAsync(command)).RequireExit(1);
        await File.AppendAllTextAsync(Table, "mine\r\n", Cancelled);

        (await CliProcess.RunAsync(command)).RequireError(2, "has changed since it was written");

        Assert.EndsWith("mine\r\n", await File.ReadAllTextAsync(Table, Cancelled), StringComparison.Ordinal);
    }
}
