namespace Rollcall.Credentials;

/// <summary>A bearer token.</summary>
/// <param name="Value">What stands after <c>Bearer</c>.</param>
/// <param name="Life">How long it can be used from the moment it was taken; null if that is not known.</param>
public sealed record Token(string Value, TimeSpan? Life);

/// <summary>Takes new tokens.</summary>
/// <exception cref="TokenException">There is none.</exception>
public delegate Task<Token> TokenSource(CancellationToken cancellationToken);

/// <summary>There is no token, so nothing can be sent. That is no outcome of an item.</summary>
/// <param name="message">One sentence that says why, with neither a token nor a secret in it.</param>
public sealed class TokenException(string message) : Exception(message)
{
    /// <summary>Whether waiting does not help: the credentials are wrong, or there has been no token for a while.</summary>
    public bool IsLasting { get; init; }
}
