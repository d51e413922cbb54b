using System.Text.Unicode;

namespace Rollcall.Cli.Commands;

/// <summary>
/// Finds names that are not UTF-8. .NET replaces the invalid bytes with U+FFFD, so the wrong file would be looked for or created.
/// </summary>
static class ArgumentText
{
    const string CommandLine = "/proc/self/cmdline";
    const char Replacement = '\uFFFD';

    /// <summary>Checks the arguments and the current folder.</summary>
    /// <returns>A sentence; null if everything is UTF-8.</returns>
    public static string? FindError(IReadOnlyList<string> arguments)
    {
        // Other systems require UTF-8 or UTF-16 themselves.
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        if (arguments.FirstOrDefault(argument => argument.Contains(Replacement, StringComparison.Ordinal)) is { } wrong
            && !Utf8.IsValid(File.ReadAllBytes(CommandLine)))
        {
            return $"The argument '{wrong}' is not valid UTF-8. Rename the file, or convert the text.";
        }

        string folder = Environment.CurrentDirectory;
        return folder.Contains(Replacement, StringComparison.Ordinal) && !Directory.Exists(folder)
            ? $"The name of the current folder, '{folder}', is not valid UTF-8. Rename it, or work in another folder."
            : null;
    }
}
