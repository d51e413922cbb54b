using System.CommandLine;
using Rollcall.Cli.Terminal;
using Rollcall.Storage;

namespace Rollcall.Cli.Commands;

/// <summary>Where a command writes what it got: to a file, or to standard output.</summary>
sealed class OutputOption
{
    readonly Option<string?> file = new("--out", "-o")
    {
        Description = "The file to write, in place of standard output. It is there whole or not at all.",
        HelpName = "FILE",
        Validators = { PathText.RequireText },
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(file);

    /// <summary>The file; null for standard output.</summary>
    /// <exception cref="CliException">There cannot be such a file.</exception>
    public string? ReadPath(ParseResult parsed)
    {
        if (parsed.GetValue(file) is not { } name)
        {
            return null;
        }

        string path = Path.GetFullPath(name);
        return Directory.Exists(path) ? throw CliException.Usage($"The output '{name}' is a folder. Name a file with --out.")
            : !Directory.Exists(Path.GetDirectoryName(path)) ? throw CliException.Usage($"The output '{name}' cannot be written: its folder does not exist.")
            : path;
    }

    /// <summary>Writes the output.</summary>
    /// <param name="path">The file, which gets its name when all of it is written; null for standard output.</param>
    /// <param name="write">Writes the content.</param>
    /// <returns>A task that ends when it is written.</returns>
    /// <exception cref="CliException">It cannot be written.</exception>
    public static async Task WriteAsync(string? path, Func<Stream, Task> write)
    {
        try
        {
            if (path is not null)
            {
                await DurableFile.WriteAsync(path, write);
                return;
            }

            await using var output = StandardOutput.Open();
            await write(output);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && !StandardOutput.IsReaderGone(exception))
        {
            throw CliException.NotFinished($"The output could not be written: {Sentence.Of(exception.Message)}");
        }
    }
}
