using System.CommandLine;
using System.Reflection;
using Rollcall.Validation;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall completion</c>: writes a shell's completion script.</summary>
sealed class CompletionCommand : Command
{
    static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    public CompletionCommand()
        : base(
            "completion",
            "Write a shell's completion script for commands, options and values. For bash: source <(rollcall completion bash)")
    {
        var shell = new Argument<string>("shell")
        {
            Description = "The shell.",
            HelpName = string.Join('|', Shells),
            Arity = ArgumentArity.ZeroOrOne,
            CompletionSources = { Shells },
        };
        Arguments.Add(shell);
        SetAction((parsed, cancellationToken) => WriteAsync(parsed.GetValue(shell), cancellationToken));
    }

    static async Task<int> WriteAsync(string? shell, CancellationToken cancellationToken)
    {
        string needed = $"{string.Join(", ", Shells.SkipLast(1))} or {Shells[^1]}";
        if (shell is null)
        {
            throw CliException.Usage($"Name a shell: {needed}.");
        }

        if (!Shells.Contains(shell, StringComparer.Ordinal))
        {
            throw CliException.Usage($"<shell> is '{ShortText.Of(shell)}': {needed} is needed.");
        }

        await using var script = Assembly.GetExecutingAssembly().GetManifestResourceStream($"completion.{shell}")
            ?? throw new InvalidOperationException($"The assembly has no completion.{shell}.");
        using var reader = new StreamReader(script);
        await Console.Out.WriteAsync(await reader.ReadToEndAsync(cancellationToken));
        return ExitCode.Succeeded;
    }
}
