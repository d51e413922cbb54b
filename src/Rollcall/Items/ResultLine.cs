using System.Text.Json;

namespace Rollcall.Items;

/// <summary>The fields of a result line that come before its body.</summary>
/// <param name="HttpStatus">The status of the response, if there was one.</param>
/// <param name="ErrorCode">The error code, if the item did not succeed.</param>
/// <param name="Attempts">The number of attempts.</param>
/// <param name="DurationMs">How long the last attempt took, in milliseconds.</param>
/// <param name="Bytes">The length of the body, in bytes; 0 if there is none.</param>
/// <param name="Extracted">The values that were taken from the body, by name; null if none were.</param>
public sealed record ResultLine(
    long Index,
    OutcomeStatus Status,
    int? HttpStatus,
    ItemErrorCode? ErrorCode,
    int Attempts = 0,
    double DurationMs = 0,
    long Bytes = 0,
    IReadOnlyDictionary<string, JsonElement>? Extracted = null);
