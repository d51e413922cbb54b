using System.Text.Unicode;

namespace Rollcall.Cli.Commands;

/// <summary>
/// Finds names that are not UTF-8. .NET has them with U+FFFD in the place of what is not, so that the file is not found, or another one
/// is made.
/// </summary>
static class ArgumentText
{
    const string CommandLine = "/proc/self/cmdline";
    const char Replacement = '\uFFFD';

    /// <summary>Looks through the arguments and at the current folder.</summary>
    /// <returns>A sentence; null where all is UTF-8.</returns>
    public static string? FindError(IReadOnlyList<string> arguments)
    {
        // Elsewhere names are UTF-8 or UTF-16 by the system's own rule.
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
            ? $"The name of the current folder, '{folder}', is not valid UTF-8. Rename it, or work in another one."
            : null;
    }
}
