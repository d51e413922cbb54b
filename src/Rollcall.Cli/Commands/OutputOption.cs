using System.CommandLine;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary>Where a command writes what it got.</summary>
sealed class OutputOption
{
    readonly Option<string> file;

    /// <summary>Makes the option.</summary>
    /// <param name="standard">Where it goes without the option.</param>
    public OutputOption(string standard, string description) => file = new("--out", "-o")
    {
        Description =
            $"{description} {OutputTarget.StandardOutputName} is standard output. A file is there whole or not at all; a link is "
            + "followed; a pipe or a device is written to.",
        HelpName = "FILE",
        DefaultValueFactory = _ => standard,
        Validators = { PathText.RequireText },
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(file);

    /// <summary>The output.</summary>
    /// <exception cref="CliException">It cannot be written.</exception>
    public OutputTarget Read(ParseResult parsed) => OutputTarget.Open(parsed.GetRequiredValue(file));

    /// <summary>Writes an output whose content can be got again.</summary>
    /// <param name="write">Writes the content.</param>
    /// <returns>A task that ends when it is written.</returns>
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
