using System.CommandLine;
using Rollcall.Cli;
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

// A word that begins with @ is a file of headers, and no file of further words.
var parsed = CommandTree.Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (ParseErrors.Describe(parsed) is { } errors)
{
    StandardError.WriteLine($"rollcall: {errors}");
    return ExitCode.Usage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (CliException exception)
{
    StandardError.WriteLine($"rollcall: {exception.Message}");
    foreach (string line in exception.Details)
    {
        StandardError.WriteLine(line);
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
    StandardError.WriteLine($"rollcall: A file could not be written or read: {Sentence.Of(exception.Message)}");
    return ExitCode.NotFinished;
}
