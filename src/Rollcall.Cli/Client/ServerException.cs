namespace Rollcall.Cli.Client;

/// <summary>A request to a server failed. The message says why, and what to do.</summary>
/// <param name="message">The first line for the user.</param>
/// <param name="details">More lines.</param>
sealed class ServerException(string message, IReadOnlyList<string>? details = null) : Exception(message)
{
    public IReadOnlyList<string> Details { get; } = details ?? [];

    /// <summary>Whether the same request may succeed later.</summary>
    public required bool IsTransient { get; init; }

    /// <summary>Whether the server does not have what was requested.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>Whether what was requested is damaged.</summary>
    public bool IsDamaged { get; init; }
}
