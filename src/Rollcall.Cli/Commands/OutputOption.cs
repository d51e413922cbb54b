using System.CommandLine;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary>Where a command writes what it fetched.</summary>
sealed class OutputOption
{
    readonly Option<string> file;

    /// <summary>Creates the option.</summary>
    /// <param name="standard">The default.</param>
    public OutputOption(string standard, string description) => file = new("--out", "-o")
    {
        Description =
            $"{description} {OutputTarget.StandardOutputName} is standard output. A file is written completely or not at all; "
            + "links are followed; pipes and devices are written to directly.",
        HelpName = "FILE",
        DefaultValueFactory = _ => standard,
        Validators = { PathText.RequireText },
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(file);

    /// <summary>The output.</summary>
    /// <exception cref="CliException">It cannot be written.</exception>
    public OutputTarget Read(ParseResult parsed) => OutputTarget.Open(parsed.GetRequiredValue(file));

    /// <summary>Writes an output whose content can be fetched again.</summary>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="CliException">It cannot be written.</exception>
    public static async Task WriteAsync(OutputTarget output, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await output.WriteAsync(write, " Run the same command again with another --out.", cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            && !StandardOutput.IsReaderGone(exception))
        {
            throw CliException.NotFinished($"The output could not be written: {Failures.ReasonOf(exception)}.");
        }
    }
}
