using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rollcall.Sqlite.Activities;
using Rollcall.Sqlite.Instances;
using Rollcall.Sqlite.Messages;
using Rollcall.Sqlite.Orchestrations;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tables;
using Rollcall.Sqlite.Timers;

namespace Rollcall.Sqlite;

/// <summary>Creates and connects the parts of the service.</summary>
sealed class Engine : IDisposable
{
    readonly Mailboxes mailboxes;
    readonly InstanceWaiters waiters;
    readonly TimerQueue timers;
    readonly ITimer idleCheck;
    readonly AllTables tables;

    Engine(SqliteOrchestrationServiceOptions options, DatabaseFile file, ILogger logger)
    {
        var time = options.TimeProvider;
        tables = new AllTables(file);
        mailboxes = new Mailboxes(options.MaxConcurrentOrchestrations);
        waiters = new InstanceWaiters();
        var publisher = new Publisher { Tables = tables, Mailboxes = mailboxes, Waiters = waiters };
        Database = new Database(file, publisher, logger);
        var router = new MessageRouter(tables, time, logger);
        var retries = new Retries(time);
        Activities = new ActivityQueue(Database, tables, router, retries, logger);
        Orchestrations = new OrchestrationQueue(Database, tables, router, mailboxes, retries, options, logger);
        Client = new InstanceClient(Database, tables, router, waiters, time);
        Purge = new InstancePurge(Database, tables, time);
        timers = new TimerQueue(Database, tables, router, time);
        publisher.Activities = Activities;
        publisher.Timers = timers;
        var period = options.SessionIdleTimeout > TimeSpan.Zero ? options.SessionIdleTimeout / 4 : Timeout.InfiniteTimeSpan;
        idleCheck = time.CreateTimer(_ => mailboxes.EndIdle(time.GetUtcNow()), null, period, period);
    }

    public Database Database { get; }

    public ActivityQueue Activities { get; }

    public OrchestrationQueue Orchestrations { get; }

    public InstanceClient Client { get; }

    public InstancePurge Purge { get; }

    public static Engine Open(SqliteOrchestrationServiceOptions options)
    {
        var logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Rollcall.Sqlite");
        var file = DatabaseFile.Open(options.Path, options.MaxPageCount);
        try
        {
            file.RequireWhole();
            var engine = new Engine(options, file, logger);
            engine.Recover(file.Path, logger);
            engine.Database.Start();
            return engine;
        }
        catch (SqliteException exception)
        {
            file.Dispose();
            throw StorageErrors.Explain(exception, file.Path);
        }
        catch (InvalidDataException damage)
        {
            file.Dispose();
            throw StorageErrors.Corrupt(file.Path, damage);
        }
    }

    public Task StartAsync()
    {
        Activities.Line.Resume();
        mailboxes.Resume();
        return Database.Failure is { } failure ? Task.FromException(failure) : Task.CompletedTask;
    }

    public Task StopAsync()
    {
        Activities.Line.Pause();
        mailboxes.Pause();
        Activities.Line.Release();
        mailboxes.Ready.Release();
        return Task.CompletedTask;
    }

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        Activities.Line.Pause();
        await Activities.Taken.WhenNone().WaitAsync(cancellationToken);
        mailboxes.Pause();
        await mailboxes.Taken.WhenNone().WaitAsync(cancellationToken);
    }

    public Task DeleteAllAsync() => Database.Write(() =>
    {
        tables.DeleteAll();
        return true;
    });

    public void Dispose()
    {
        idleCheck.Dispose();
        timers.Dispose();
        _ = StopAsync();
        Database.Dispose();
        waiters.Fail(new ObjectDisposedException(nameof(SqliteOrchestrationService)));
    }

    // The database's thread has not started, so this thread may read.
    void Recover(string path, ILogger logger)
    {
        var waiting = tables.Inbox.Waiting();
        foreach (var (key, instanceId, isStarted) in waiting)
        {
            mailboxes.Recover(key, instanceId, isStarted);
        }

        Activities.Recover();
        if (tables.Timers.Next() is { } due)
        {
            timers.Add(due);
        }

        Log.Opened(logger, path, waiting.Count, tables.Activities.Count());
    }
}
