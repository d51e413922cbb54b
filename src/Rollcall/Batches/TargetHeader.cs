using System.Text.Json.Serialization;

namespace Rollcall.Batches;

/// <summary>
/// A request header's value: given outright, or the name of a secret that the process which sends knows. Secret values are never stored.
/// </summary>
[JsonConverter(typeof(TargetHeaderConverter))]
public sealed record TargetHeader
{
    /// <summary>The value; null where <see cref="Secret"/> names it.</summary>
    public string? Value { get; init; }

    /// <summary>The name of the secret that holds the value.</summary>
    public string? Secret { get; init; }
}
