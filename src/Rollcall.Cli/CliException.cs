namespace Rollcall.Cli;

/// <summary>Ends a command with an exit code and lines for the user: the first says what is wrong and what to do.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="message">The first line.</param>
/// <param name="details">Further lines.</param>
sealed class CliException(int exitCode, string message, IReadOnlyList<string>? details = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Details { get; } = details ?? [];

    /// <summary>Whether it is that a server does not have what it was asked for.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>Whether it is that what a server has is damaged.</summary>
    public bool IsDamaged { get; init; }

    public static CliException Usage(string message, IReadOnlyList<string>? details = null) => new(Cli.ExitCode.Usage, message, details);

    public static CliException NotFinished(string message) => new(Cli.ExitCode.NotFinished, message);
}
