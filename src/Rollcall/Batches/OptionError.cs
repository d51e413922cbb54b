namespace Rollcall.Batches;

/// <summary>An option that is not allowed.</summary>
/// <param name="Option">Its name in the options: <c>concurrency</c>, <c>retry.maxAttempts</c>.</param>
/// <param name="Message">The rest of a sentence whose subject is the name: "is 0: 1 to 10000 is allowed."</param>
public sealed record OptionError(string Option, string Message)
{
    /// <summary>The whole sentence.</summary>
    public override string ToString() => $"{Option} {Message}";
}
