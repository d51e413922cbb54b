using Rollcall.Items;

namespace Rollcall.Results;

/// <summary>What a result line says before its body.</summary>
/// <param name="Index">The item's index.</param>
/// <param name="Status">How the item ended.</param>
/// <param name="HttpStatus">The status of its answer, where there was one.</param>
/// <param name="ErrorCode">Its error code, where it did not succeed.</param>
public sealed record ResultLine(long Index, OutcomeStatus Status, int? HttpStatus, ItemErrorCode? ErrorCode);
