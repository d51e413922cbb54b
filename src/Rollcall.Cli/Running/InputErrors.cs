using Rollcall.Validation;

namespace Rollcall.Cli.Running;

/// <summary>Describes which lines of an input are wrong.</summary>
static class InputErrors
{
    /// <summary>One line for each listed error, and one for the rest.</summary>
    public static IReadOnlyList<string> Describe(string input, InvalidInputException exception)
    {
        var lines = exception.Errors
            .Where(error => error.Line is not null)
            .Select(error => $"{input}:{error.Line}: the line {error.Message}")
            .ToList();
        if (exception.Count > exception.Errors.Count)
        {
            lines.Add($"and {exception.Count - exception.Errors.Count} more lines.");
        }

        return lines;
    }
}
