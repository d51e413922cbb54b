using System.Security.Cryptography;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Cli.Client;

/// <summary>Counts and hashes result lines as they come.</summary>
sealed class ResultsCheck : IDisposable
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    byte lastByte = (byte)'\n';

    /// <summary>How many lines came.</summary>
    public long Lines { get; private set; }

    /// <summary>Takes a piece in.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        hash.AppendData(piece);
        Lines += piece.Count((byte)'\n');
        lastByte = piece[^1];
    }

    /// <summary>Says how what came differs from what the batch's receipt says of it.</summary>
    /// <param name="receipt">The receipt; null where the batch is not sealed, so that only a line without its end is a difference.</param>
    /// <param name="wanted">Which items were asked for; null for all.</param>
    /// <returns>A part of a sentence, or null where there is no difference.</returns>
    public string? FindDifference(Receipt? receipt, OutcomeStatus? wanted)
    {
        if (lastByte != '\n')
        {
            return "the last line breaks off";
        }

        if (receipt is null)
        {
            return null;
        }

        long expected = ExpectedLines(receipt, wanted);
        if (Lines != expected)
        {
            return $"there are {Lines} lines, and by the receipt {expected}";
        }

        string sha256 = Convert.ToHexStringLower(hash.GetCurrentHash());
        return wanted is null && sha256 != receipt.Sha256 ? $"their SHA-256 is {sha256}, and by the receipt {receipt.Sha256}" : null;
    }

    public void Dispose() => hash.Dispose();

    static long ExpectedLines(Receipt receipt, OutcomeStatus? wanted) => wanted switch
    {
        null => receipt.Items,
        OutcomeStatus.Succeeded => receipt.Counts.Succeeded,
        OutcomeStatus.Failed => receipt.Counts.Failed,
        OutcomeStatus.Cancelled => receipt.Counts.Cancelled,
        OutcomeStatus.Expired => receipt.Counts.Expired,
        _ => throw new ArgumentOutOfRangeException(nameof(wanted), wanted, "The status is not one that is counted."),
    };
}
