using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Storage;

public sealed class DatabaseTests : IDisposable
{
    readonly TestFolder folder = new();
    readonly DatabaseFile file;
    readonly Observer observer = new();
    readonly Database database;

    public DatabaseTests()
    {
        file = DatabaseFile.Open(folder.Database, maxPageCount: null);
        file.Run("CREATE TABLE numbers (number INTEGER PRIMARY KEY)");
        database = new Database(file, observer, NullLogger.Instance);
    }

    public void Dispose()
    {
        database.Dispose();
        file.Dispose();
        folder.Dispose();
    }

    // 2 is FULL. The other one is what macOS needs besides.
    [Theory]
    [InlineData("synchronous", 2)]
    [InlineData("fullfsync", 1)]
    public void Setting_OfTheDurabilityOfACommit_IsTheStrictestOne(string name, long expected)
    {
        using var setting = file.PrepareOnce($"PRAGMA {name}");

        Assert.Equal(expected, setting.ReadFirst(row => row.Number(0)));
    }

    [Fact]
    public async Task Writes_QueuedTogether_AreOneTransaction()
    {
        var writes = Enumerable.Range(0, 100).Select(Insert).ToArray();
        database.Start();

        await Task.WhenAll(writes);

        Assert.Equal(1, observer.Commits);
        Assert.Equal(100, await CountAsync());
    }

    [Fact]
    public async Task Write_ThatFails_FailsAlone()
    {
        var writes = new[] { Insert(1), Insert(1), Insert(2) };
        database.Start();

        await Assert.ThrowsAsync<SqliteException>(() => writes[1]);

        await Task.WhenAll(writes[0], writes[2]);
        Assert.Equal(2, await CountAsync());
        Assert.Null(database.Failure);
    }

    [Fact]
    public async Task Write_ThatThrowsHalfway_LeavesNothingBehind()
    {
        var half = database.Write<bool>(() =>
        {
            Run("INSERT INTO numbers VALUES (1)");
            throw new FormatException();
        });
        database.Start();

        await Assert.ThrowsAsync<FormatException>(() => half);

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Write_IsReportedAfterItsCommit()
    {
        bool? wasReported = null;
        var write = Insert(1);
        observer.AtCommit = () => wasReported = write.IsCompleted;
        database.Start();

        await write;

        Assert.False(wasReported);
    }

    [Fact]
    public async Task DamagedContent_IsAFault()
    {
        var read = database.Read<bool>(() => throw new InvalidDataException("nonsense"));
        database.Start();

        var error = await Assert.ThrowsAsync<SqliteStorageException>(() => read);

        Assert.Equal(SqliteStorageReason.Corrupt, error.Reason);
        Assert.Same(error, await database.Fault);
        Assert.Same(error, await Assert.ThrowsAsync<SqliteStorageException>(() => Insert(1)));
        Assert.Equal(1, observer.Failures);
    }

    Task<bool> Insert(int number) => database.Write(() =>
    {
        Run($"INSERT INTO numbers VALUES ({number})");
        return true;
    });

    void Run(string sql) => file.Run(sql);

    Task<long> CountAsync() => database.Read(() =>
    {
        using var query = file.PrepareOnce("SELECT count(*) FROM numbers");
        return query.ReadFirst(row => row.Number(0));
    });

    sealed class Observer : ITransactionObserver
    {
        public Action? AtCommit { get; set; }

        public int Commits { get; private set; }

        public int Failures { get; private set; }

        public void Committed()
        {
            Commits++;
            AtCommit?.Invoke();
        }

        public void RolledBack()
        {
        }

        public void Failed(SqliteStorageException exception) => Failures++;
    }
}
