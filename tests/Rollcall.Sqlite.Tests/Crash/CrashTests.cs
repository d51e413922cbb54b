using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Microsoft.Data.Sqlite;
using Newtonsoft.Json.Linq;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Crash;

public sealed class CrashTests(ITestOutputHelper report) : IDisposable
{
    const int Kills = 50;
    const int LinesBetweenKills = 60;

    readonly TestFolder folder = new();

    string Log => folder.File("sent.log");

    string Output => folder.File("output.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Batch_KilledFiftyTimes_HasEveryOutcomeOnce()
    {
        var seed = PCG.Parse(Environment.GetEnvironmentVariable("CRASH_SEED") ?? new PCG((uint)Environment.ProcessId).ToString());
        report.WriteLine($"CRASH_SEED={seed} repeats this run's moments.");
        int kills = 0;
        for (int i = 0; i < Kills; i++)
        {
            kills += await KillAsync((int)(seed.Next() % LinesBetweenKills)) ? 1 : 0;
        }

        await FinishAsync();

        var sent = Sent();
        var outcomes = JArray.Parse(await File.ReadAllTextAsync(Output, TestContext.Current.CancellationToken)).Values<int>().ToList();
        report.WriteLine($"{kills} kills, {sent.Count - CrashChild.Items} executions more than items.");
        Assert.Equal(Enumerable.Range(0, CrashChild.Items), outcomes.Order());
        Assert.Equal(CrashChild.Items, sent.Distinct().Count());
        Assert.InRange(sent.Count, CrashChild.Items, CrashChild.Items + (kills * CrashChild.MostConcurrent));
        // A seed may have the batch end before its last kills.
        Assert.InRange(kills, Kills - 5, Kills);
        Assert.Equal("ok", IntegrityOf(folder.Database));
    }

    // Starts a process that dies after so many more executions. Returns false when it had nothing left to do.
    async Task<bool> KillAsync(int lines)
    {
        using var child = Start(lines);
        if (lines == 0)
        {
            child.Kill();
        }

        await child.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TestHub.Patience);
        Assert.True(
            child.ExitCode is 0 or 137,
            $"The child ended by itself with {child.ExitCode}: "
            + $"{await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
        return child.ExitCode != 0;
    }

    async Task FinishAsync()
    {
        using var child = Start(linesToLive: 0);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TestHub.Patience);
        Assert.True(child.ExitCode == 0, await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    Process Start(int linesToLive) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
        ["crash-child", folder.Database, Log, Output, linesToLive.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardError = true,
    })!;

    List<int> Sent() => [.. File.ReadAllLines(Log).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    static string? IntegrityOf(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var check = new Statement(connection.Handle!, "PRAGMA integrity_check");
        return check.ReadFirst(row => row.Text(0));
    }
}
