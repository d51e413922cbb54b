using System.CommandLine;
using Rollcall.Cli;
using Rollcall.Cli.Commands;
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

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    string command = parsed.CommandResult.Command is RootCommand ? "rollcall" : $"rollcall {parsed.CommandResult.Command.Name}";
    // The parser lists what is allowed on lines of its own; an error is one line here.
    string errors = string.Join(' ', parsed.Errors.SelectMany(error => error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    await Console.Error.WriteLineAsync($"rollcall: {errors} See '{command} --help'.");
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
    await Console.Error.WriteLineAsync($"rollcall: A file could not be written or read: {exception.Message}");
    return ExitCode.NotFinished;
}
