namespace Rollcall.Cli.Client;

/// <summary>A server did not do what it was asked for: the message says why, and what to do.</summary>
/// <param name="message">The first line for the user.</param>
/// <param name="details">Further lines.</param>
sealed class ServerException(string message, IReadOnlyList<string>? details = null) : Exception(message)
{
    public IReadOnlyList<string> Details { get; } = details ?? [];

    /// <summary>Whether it may do so when it is asked again.</summary>
    public required bool MayPass { get; init; }

    /// <summary>Whether it is that the server does not have what it was asked for.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>Whether it is that what the server has is damaged.</summary>
    public bool IsDamaged { get; init; }
}
