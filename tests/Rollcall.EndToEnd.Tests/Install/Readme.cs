using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Install;

/// <summary>The repository's README.</summary>
static class Readme
{
    const string Fence = "```";

    /// <summary>The lines of the code blocks of a section.</summary>
    /// <param name="section">Its heading.</param>
    public static IReadOnlyList<string> Commands(string section)
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "README.md"))
            .SkipWhile(line => line != $"## {section}")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        bool isCode = false;
        List<string> commands = [];
        foreach (string line in lines)
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (isCode)
            {
                commands.Add(line);
            }
        }

        return commands;
    }
}
