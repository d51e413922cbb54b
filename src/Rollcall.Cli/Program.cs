using System.CommandLine;
using Rollcall.Cli;
using Rollcall.Cli.Client;
using Rollcall.Cli.Commands;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;

StandardStreams.Prepare();
UserMask.Take();
if (ArgumentText.FindError(args) is { } notText)
{
    StandardError.WriteLine($"rollcall: {notText}");
    return ExitCode.Usage;
}

// A word that begins with @ names a file of headers, not of more arguments.
var parsed = CommandTree.Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (ParseErrors.Describe(parsed) is { } errors)
{
    StandardError.WriteLine($"rollcall: {errors}");
    return ExitCode.Usage;
}

try
{
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (CliException exception)
{
    return End(exception.ExitCode, exception.Message, exception.Details);
}
catch (ServerException exception)
{
    return End(exception.IsTransient ? ExitCode.NotFinished : ExitCode.Usage, exception.Message, exception.Details);
}
catch (IOException exception) when (StandardOutput.IsReaderGone(exception))
{
    // Without a message, like other commands in a pipe.
    return ExitCode.ReaderGone;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    StandardError.WriteLine($"rollcall: A file could not be read or written: {Sentence.Of(exception.Message)}");
    return ExitCode.NotFinished;
}

static int End(int exitCode, string message, IReadOnlyList<string> details)
{
    StandardError.WriteLine($"rollcall: {message}");
    foreach (string line in details)
    {
        StandardError.WriteLine(line);
    }

    return exitCode;
}
