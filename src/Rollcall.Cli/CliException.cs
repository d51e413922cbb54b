namespace Rollcall.Cli;

/// <summary>Ends a command with an exit code and a message; its first line says what is wrong and what to do.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="details">More lines.</param>
sealed class CliException(int exitCode, string message, IReadOnlyList<string>? details = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Details { get; } = details ?? [];

    public static CliException Usage(string message, IReadOnlyList<string>? details = null) => new(Cli.ExitCode.Usage, message, details);

    public static CliException NotFinished(string message) => new(Cli.ExitCode.NotFinished, message);
}
