using System.Text.Json;
using Rollcall.Cli.Terminal;
using Rollcall.Sending;
using Rollcall.Sqlite;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>Turns the exceptions of a run's parts into those that the command line shows.</summary>
static class RunFaults
{
    /// <summary>Does the work of a run.</summary>
    /// <param name="stop">What the user stops the work with.</param>
    /// <exception cref="CliException">The work cannot be finished.</exception>
    public static async Task<T> GuardAsync<T>(RunSettings settings, Func<Task<T>> work, CancellationToken stop)
    {
        try
        {
            return await work();
        }
        catch (SqliteStorageException exception)
        {
            throw exception.Reason == SqliteStorageReason.AlreadyOpen
                ? CliException.Usage($"Another rollcall run is using the state folder '{settings.StateFolder}'.")
                : CliException.NotFinished($"The state folder '{settings.StateFolder}' failed: {Sentence.Of(exception.Message)}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw CliException.NotFinished("Stopped before anything was sent.");
        }
        catch (LocalShortageException exception)
        {
            throw CliException.NotFinished($"{exception.Message}{settings.WhatIsKept}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            && !StandardOutput.IsReaderGone(exception))
        {
            throw CliException.NotFinished($"A file could not be read or written: {Sentence.Of(exception.Message)}{settings.WhatIsKept}");
        }
        catch (Exception exception) when (exception is DamagedDataException or InvalidDataException or JsonException)
        {
            throw CliException.NotFinished(
                $"The state folder '{settings.StateFolder}' is damaged: {Sentence.Of(exception.Message)} What is intact is kept; "
                + "restore the rest and run the same command, or start over with --fresh.");
        }
    }
}
