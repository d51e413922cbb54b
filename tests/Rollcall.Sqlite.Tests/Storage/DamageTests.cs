using System.Globalization;
using Microsoft.Data.Sqlite;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Storage;

/// <summary>A file in which a bit was changed is refused as damaged, or has the same rows as before.</summary>
public sealed class DamageTests : IDisposable
{
    const int HeaderBytes = 100;
    const int OtherBits = 2_000;

    static readonly string[] Tables = ["instances", "history", "inbox", "activities", "timers"];

    readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_OfAFileInWhichABitWasChanged_IsRefusedAsDamagedOrGivesTheSameRows()
    {
        byte[] whole = await MakeAsync();
        string? rows = Rows(whole);
        Assert.All(Tables, table => Assert.Contains($"{table}:", rows, StringComparison.Ordinal));
        int seed = Environment.TickCount;
        var random = new Random(seed);

        var header = Enumerable.Range(0, HeaderBytes * 8);
        var others = Enumerable.Range(0, OtherBits).Select(_ => random.Next(HeaderBytes * 8, whole.Length * 8));
        var wrong = header
            .Concat(others)
            .Select(bit => (Bit: bit, Fault: FindFault(whole, bit, rows!)))
            .Where(found => found.Fault is not null);

        string faults = string.Join(
            '\n',
            wrong.Select(found => $"Bit {found.Bit % 8} of byte {found.Bit / 8} (seed {seed}): {found.Fault}"));
        Assert.True(faults is "", faults);
    }

    string? FindFault(byte[] whole, int bit, string rows)
    {
        byte[] changed = [.. whole];
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        try
        {
            return Rows(changed) is { } read && read != rows ? $"the rows are others: {read}" : null;
        }
        catch (SqliteStorageException exception)
        {
            return exception.Reason is SqliteStorageReason.Corrupt or SqliteStorageReason.NotADatabase ? null : exception.Message;
        }
    }

    /// <summary>All rows of a file with these bytes, or null if it is damaged.</summary>
    string? Rows(byte[] bytes)
    {
        File.Delete(folder.Database + "-wal");
        File.WriteAllBytes(folder.Database, bytes);
        using var file = DatabaseFile.Open(folder.Database, maxPageCount: null);
        try
        {
            file.RequireWhole();
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (SqliteException exception)
        {
            throw StorageErrors.Explain(exception, folder.Database);
        }

        return string.Join('\n', Tables.SelectMany(table => RowsOf(file, table)));
    }

    static List<string> RowsOf(DatabaseFile file, string table)
    {
        using var columns = file.PrepareOnce(
            $"SELECT group_concat('quote(' || name || ')', '||'', ''||') FROM pragma_table_info('{table}')");
        using var rows = file.PrepareOnce($"SELECT {columns.ReadFirst(row => row.Text(0))} FROM {table}");
        return rows.Read(row => string.Create(CultureInfo.InvariantCulture, $"{table}: {row.Text(0)}"));
    }

    // Rows of every table, in each state that they can have: not started, running, ended, waiting for a timer and for an activity.
    async Task<byte[]> MakeAsync()
    {
        await using var hub = new TestHub();
        hub.Options = hub.Options with { Path = folder.File("made.db") };
        var never = new TaskCompletionSource<string>();
        hub.Orchestration<string, string>("Parent", async (context, text) =>
        {
            context.Status = text;
            var child = context.Framework.CreateSubOrchestrationInstance<string>("Child", "", "child", text);
            await context.Framework.CreateTimer(context.Framework.CurrentUtcDateTime.AddDays(1), "");
            return await child;
        });
        hub.Orchestration<string, string>("Child", async (context, text) =>
            await context.Framework.ScheduleTask<string>("Work", "", text));
        hub.Orchestration<string, string>("Say", (_, text) => Task.FromResult(text));
        var started = new TaskCompletionSource();
        hub.Activity<string, string>("Work", async _ =>
        {
            started.TrySetResult();
            return await never.Task;
        });
        await hub.StartAsync();
        await hub.RunAsync("Say", "ended", "the output");
        await hub.CreateAsync("Parent", "parent", "the status");
        await started.Task.WaitAsync(TestHub.Patience, Cancelled);
        await hub.CrashAsync();
        never.SetResult("");
        await hub.Open().CreateAsync("Say", "not started", "the input");
        await hub.CloseAsync();
        return await File.ReadAllBytesAsync(folder.File("made.db"), Cancelled);
    }
}
