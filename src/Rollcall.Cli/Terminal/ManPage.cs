using System.CommandLine;
using System.CommandLine.Help;
using System.Text;

namespace Rollcall.Cli.Terminal;

/// <summary>Writes the help of all commands as one manual page (man(7)), so that help and manual cannot differ.</summary>
static class ManPage
{
    const int Unwrapped = int.MaxValue;
    const string Indent = "  ";

    static readonly (int Code, string Meaning)[] ExitCodes =
    [
        (ExitCode.Succeeded, "All items succeeded."),
        (ExitCode.FinishedWithFailures, "The work is finished, but some items did not succeed."),
        (ExitCode.Usage, "The command line or the input is wrong. Nothing was sent."),
        (ExitCode.NotFinished, "The work is not finished. The same command resumes where it was."),
        (ExitCode.ReaderGone, "The reader of the output closed it."),
    ];

    /// <summary>Writes the page.</summary>
    /// <param name="root">The root command.</param>
    /// <returns>The page in roff.</returns>
    public static string Write(RootCommand root)
    {
        var page = new StringBuilder(
            $".TH ROLLCALL 1 \"\" \"Rollcall {ProductVersion.Number}\"\n.SH NAME\nrollcall \\- {Escape(root.Description!)}\n");
        WriteHelp(page, root, "");
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            page.Append($".SH {command.Name.ToUpperInvariant()}\n");
            WriteHelp(page, root, command.Name);
        }

        page.Append(".SH EXIT STATUS\n");
        foreach (var (code, meaning) in ExitCodes)
        {
            page.Append($".TP\n.B {code}\n{Escape(meaning)}\n");
        }

        return page.ToString();
    }

    static void WriteHelp(StringBuilder page, RootCommand root, string command)
    {
        string heading = "";
        foreach (string line in HelpOf(root, command).Where(line => line.Length > 0))
        {
            if (!line.StartsWith(Indent, StringComparison.Ordinal))
            {
                heading = line.TrimEnd(':');
                page.Append($".SS {Escape(heading)}\n");
                continue;
            }

            string[] columns = heading is "Description" or "Usage"
                ? [line.Trim()]
                : line.Trim().Split(Indent, 2, StringSplitOptions.TrimEntries);
            page.Append(columns is [var term, var text] ? $".TP\n.B {Escape(term)}\n{Escape(text)}\n" : $"{Escape(columns[0])}\n");
        }
    }

    static string[] HelpOf(RootCommand root, string command)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpAction { MaxWidth = Unwrapped };
        using var output = new StringWriter();
        root.Parse([command, option.Name]).Invoke(new InvocationConfiguration { Output = output });
        return output.ToString().Split(Environment.NewLine);
    }

    // roff takes a line that begins with a dot or an apostrophe for a request. A hyphen that is not escaped may become a dash, and commands
    // with it cannot be pasted.
    static string Escape(string text) =>
        (text[0] is '.' or '\'' ? "\\&" : "") + string.Concat(text.EnumerateRunes().Select(rune => rune.Value switch
        {
            '\\' => "\\e",
            '-' => "\\-",
            _ => rune.IsAscii ? rune.ToString() : $"\\[u{rune.Value:X4}]",
        }));
}
