using System.Globalization;
using System.Security.Cryptography;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Results;

/// <summary>
/// Proves that results match a receipt: one line for each item, in input order, each byte as it was recorded. It does not rely on the
/// receipt's sums, the order of the lines or a line's statements about its body, and reads everything once with constant memory.
/// </summary>
public sealed class ResultsVerifier(Receipt receipt)
{
    /// <summary>Reads results and finds the first place where they do not match the receipt.</summary>
    /// <param name="results">The result lines. The stream is not closed.</param>
    /// <returns>What is wrong, and at which line, in one sentence; null if the results are proven.</returns>
    public async Task<string?> FindFaultAsync(Stream results, CancellationToken cancellationToken)
    {
        if (FindReceiptFault() is { } fault)
        {
            return fault;
        }

        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var body = new LineBody();
        var reader = new ResultReader(results, [whole], body);
        var sums = new LineSums();
        long next = 0;
        foreach (var shard in receipt.Shards)
        {
            using var hash = new HashingStream();
            for (int i = 0; i < shard.Items; i++, next++)
            {
                try
                {
                    var line = await reader.CopyAsync(_ => true, hash, cancellationToken);
                    if (FindLineFault(line, next) is { } lineFault)
                    {
                        return lineFault;
                    }

                    sums.Add(line!);
                }
                catch (InvalidDataException exception)
                {
                    return $"Line {Number(next + 1)} is not a result: {exception.Message}";
                }
            }

            if (hash.Finish() != shard.Sha256)
            {
                return $"One of the lines {Number(shard.FirstIndex + 1)} to {Number(next)} was changed: shard {Number(shard.Shard)} has "
                    + "another SHA-256 than the receipt says.";
            }
        }

        if (await HasMoreAsync(reader, cancellationToken))
        {
            return $"Line {Number(next + 1)} is one too many: the receipt is of {Number(receipt.Items)} items.";
        }

        return Convert.ToHexStringLower(whole.GetHashAndReset()) != receipt.Sha256
            ? "The receipt's SHA-256 of the whole is not that of its shards: the receipt was changed."
            : FindCountFault(sums.Counts) ?? FindTotalFault(sums);
    }

    string? FindReceiptFault()
    {
        long next = 0;
        for (int i = 0; i < receipt.Shards.Count; i++)
        {
            var shard = receipt.Shards[i];
            if (shard.Shard != i || shard.FirstIndex != next || shard.Items < 1)
            {
                return $"The receipt's shard {Number(i)} is not in its place: item {Number(next)} should be its first.";
            }

            next += shard.Items;
        }

        return next != receipt.Items || receipt.Outcomes != receipt.Items
            ? $"The receipt is of {Number(receipt.Items)} items and {Number(receipt.Outcomes)} outcomes, but its shards have "
                + $"{Number(next)}."
            : null;
    }

    string? FindLineFault(ResultLine? line, long expected) => line switch
    {
        null =>
            $"The results end after {Number(expected)} lines: item {Number(expected)} and what follows is missing, of "
            + $"{Number(receipt.Items)} items.",
        { Index: var index } when index > expected =>
            $"Line {Number(expected + 1)} is of item {Number(index)}: item {Number(expected)} is missing, or out of order.",
        { Index: var index } when index < expected =>
            $"Line {Number(expected + 1)} is of item {Number(index)}, which is doubled or out of order: item {Number(expected)} should "
            + "be here.",
        _ => null,
    };

    string? FindCountFault(OutcomeCounts counts)
    {
        var told = receipt.Counts;
        return counts.Succeeded == told.Succeeded
            && counts.Failed == told.Failed
            && counts.Cancelled == told.Cancelled
            && counts.Expired == told.Expired
            && counts.ByErrorCode.SequenceEqual(told.ByErrorCode) && counts.ByHttpStatus.SequenceEqual(told.ByHttpStatus)
            ? null
            : $"The receipt's counts are not those of the lines, which are {Number(counts.Succeeded)} succeeded and "
                + $"{Number(counts.Failed)} failed: the receipt was changed.";
    }

    string? FindTotalFault(LineSums sums) =>
        (receipt.Totals ?? []).SequenceEqual(sums.Totals ?? [])
            ? null
            : "The receipt's totals of what was extracted are not those of the lines: the receipt was changed.";

    static async Task<bool> HasMoreAsync(ResultReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken) is not null;
        }
        catch (InvalidDataException)
        {
            // Whatever it is, it is more than there should be.
            return true;
        }
    }

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
