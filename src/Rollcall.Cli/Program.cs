using System.CommandLine;
using Rollcall.Cli;
using Rollcall.Cli.Commands;
using Rollcall.Cli.Terminal;

var parsed = CommandTree.Create().Parse(args);
if (ParseErrors.Describe(parsed) is { } errors)
{
    await Console.Error.WriteLineAsync($"rollcall: {errors}");
    return ExitCode.Usage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (CliException exception)
{
    await Console.Error.WriteLineAsync($"rollcall: {exception.Message}");
    foreach (string line in exception.Details)
    {
        await Console.Error.WriteLineAsync(line);
    }

    return exception.ExitCode;
}
catch (IOException exception) when (StandardOutput.IsReaderGone(exception))
{
    // Said to nobody, as by other commands of a pipe.
    return ExitCode.ReaderGone;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"rollcall: A file could not be written or read: {Sentence.Of(exception.Message)}");
    return ExitCode.NotFinished;
}
