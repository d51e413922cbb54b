namespace Rollcall.Items;

/// <summary>What a result line says before its body.</summary>
/// <param name="Status">How the item ended.</param>
/// <param name="HttpStatus">The status of its answer, where there was one.</param>
/// <param name="ErrorCode">Its error code, where it did not succeed.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="DurationMs">How long its last attempt took, in milliseconds.</param>
/// <param name="Bytes">The length of its body, in bytes; 0 where there is none.</param>
public sealed record ResultLine(
    long Index,
    OutcomeStatus Status,
    int? HttpStatus,
    ItemErrorCode? ErrorCode,
    int Attempts = 0,
    double DurationMs = 0,
    long Bytes = 0);
