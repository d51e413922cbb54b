using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Serialization;

namespace Rollcall.Cli.Client;

/// <summary>Compares received results with their batch's receipt.</summary>
static class ResultsCheck
{
    /// <summary>Looks for a difference.</summary>
    /// <param name="request">Which results were asked for.</param>
    /// <param name="receipt">
    /// The receipt; null if the batch is not sealed, when only an incomplete last result is a difference.
    /// </param>
    /// <param name="output">The received results. It is finished.</param>
    /// <returns>A part of a sentence; null if there is no difference.</returns>
    public static async Task<string?> FindDifferenceAsync(ResultsRequest request, Receipt? receipt, ResultsOutput output)
    {
        if (output.BreaksOff)
        {
            return "the last line is incomplete";
        }

        if (receipt is null)
        {
            return null;
        }

        if (CountOf(request, receipt) is { } expected && output.Lines != expected)
        {
            return $"there are {output.Lines} lines, but the receipt says {expected}";
        }

        string sha256 = await output.FinishAsync();
        bool isWhole = !request.HasFilter && request.From == 0 && request.Format == ResultFormat.Jsonl;
        return isWhole && sha256 != receipt.Sha256 ? $"their SHA-256 is {sha256}, but the receipt says {receipt.Sha256}" : null;
    }

    /// <summary>How many results there are according to the receipt; null if it does not say.</summary>
    static long? CountOf(ResultsRequest request, Receipt receipt) => request switch
    {
        { HasFilter: false } => receipt.Items - request.From,
        { From: > 0 } => null,
        { Codes.Count: 0 } => request.Statuses.Sum(status => CountOf(receipt.Counts, status)),
        { Statuses.Count: 0 } => request.Codes.Sum(code => receipt.Counts.ByErrorCode.GetValueOrDefault(KebabCase.Of(code))),
        _ => null,
    };

    static long CountOf(OutcomeCounts counts, OutcomeStatus status) => status switch
    {
        OutcomeStatus.Succeeded => counts.Succeeded,
        OutcomeStatus.Failed => counts.Failed,
        OutcomeStatus.Cancelled => counts.Cancelled,
        OutcomeStatus.Expired => counts.Expired,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "The status is not one that is counted."),
    };
}
