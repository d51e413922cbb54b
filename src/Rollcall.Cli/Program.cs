using System.CommandLine;
using Rollcall.Cli;
using Rollcall.Cli.Commands;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;

var root = new RootCommand("Send N payloads to one HTTP endpoint and get N answers: none lost, in input order, with a receipt.")
{
    new RunCommand(),
    new ServeCommand(),
    new SubmitCommand(),
    new ListCommand(),
    new StatusCommand(),
    new WatchCommand(),
    new PauseCommand(),
    new ResumeCommand(),
    new ChangeCommand(),
    new CancelCommand(),
    new RedriveCommand(),
    new ResultsCommand(),
    new ReceiptCommand(),
    new PurgeCommand(),
    new VerifyCommand(),
    new TargetCommand(),
    new DemoCommand(),
};

StandardStreams.Prepare();
UserMask.Take();
if (ArgumentText.FindError(args) is { } notText)
{
    StandardError.WriteLine($"rollcall: {notText}");
    return ExitCode.Usage;
}

// A word that begins with @ is a file of headers, and no file of further words.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    string command = parsed.CommandResult.Command is RootCommand ? "rollcall" : $"rollcall {parsed.CommandResult.Command.Name}";
    // The parser lists what is allowed on lines of its own; an error is one line here.
    string errors = string.Join(' ', parsed.Errors.SelectMany(error => error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    StandardError.WriteLine($"rollcall: {errors} See '{command} --help'.");
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
    StandardError.WriteLine($"rollcall: A file could not be written or read: {exception.Message.TrimEnd('.')}.");
    return ExitCode.NotFinished;
}
