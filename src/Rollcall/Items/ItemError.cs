namespace Rollcall.Items;

/// <summary>A named failure of one item.</summary>
/// <param name="Code">The kind of failure, for programs.</param>
/// <param name="Message">One sentence for people, at most <see cref="MaxMessageLength"/> characters.</param>
public sealed record ItemError(ItemErrorCode Code, string Message)
{
    /// <summary>The longest message that is kept, in characters.</summary>
    public const int MaxMessageLength = 1000;

    /// <summary>Makes an error whose message is cut to <see cref="MaxMessageLength"/>.</summary>
    /// <param name="code">The kind of failure.</param>
    /// <param name="message">The sentence to keep.</param>
    /// <returns>The error.</returns>
    public static ItemError Of(ItemErrorCode code, string message) =>
        new(code, message.Length <= MaxMessageLength ? message : message[..MaxMessageLength]);
}
