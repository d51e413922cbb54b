using System.CommandLine.Parsing;

namespace Rollcall.Cli.Commands;

/// <summary>Checks paths of the command line.</summary>
static class PathText
{
    /// <summary>Refuses an empty path, which a script passes if its variable is not set.</summary>
    /// <param name="result">The value of an option or an argument.</param>
    public static void RequireText(SymbolResult result)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            string name = result is OptionResult option ? option.Option.Name : $"<{((ArgumentResult)result).Argument.Name}>";
            result.AddError($"{name} is empty: a path is needed.");
        }
    }
}
