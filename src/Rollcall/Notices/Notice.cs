using System.Globalization;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Notices;

/// <summary>The message sent when a run of a batch has ended: the same bytes under the same id at every attempt.</summary>
/// <param name="Id">The id by which a receiver recognizes repeated notices.</param>
/// <param name="Body">The JSON of a <see cref="NoticeEvent"/>, in UTF-8.</param>
public sealed record Notice(string Id, ReadOnlyMemory<byte> Body)
{
    /// <summary>Makes the notice from the stored end of a run.</summary>
    /// <param name="store">Where the batch is stored.</param>
    /// <param name="run">The run, from 1.</param>
    /// <exception cref="InvalidOperationException">The run has not ended: it has no receipt and no recorded failure.</exception>
    /// <exception cref="IOException">The store failed.</exception>
    public static async Task<Notice> CreateAsync(IBatchStore store, BatchManifest manifest, int run)
    {
        if (await FindDataAsync(store, manifest, run) is not { } data)
        {
            throw new InvalidOperationException($"Run {run} of batch '{manifest.Id}' has not ended, and nobody may be told that it has.");
        }

        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new NoticeEvent(NoticeEvent.BatchEnded, data.EndedAt, data),
            NoticesJson.Compact.NoticeEvent);
        return new Notice(IdOf(manifest, run), body);
    }

    static async Task<NoticeData?> FindDataAsync(IBatchStore store, BatchManifest manifest, int run)
    {
        if (await store.FindReceiptAsync(manifest.Id, run, CancellationToken.None) is { } receipt)
        {
            return NoticeData.Of(manifest, receipt);
        }

        var failure = await store.FindFailureAsync(manifest.Id, run, CancellationToken.None);
        return failure is null ? null : NoticeData.Of(manifest, failure);
    }

    // With the time of the intake, because a batch that is deleted and started again under its id is another one, and its receiver must
    // not take its notice for a repeated one. No part has a full stop, which the signed text is divided by.
    static string IdOf(BatchManifest manifest, int run) =>
        string.Create(CultureInfo.InvariantCulture, $"{manifest.Id}_{run}_{manifest.CreatedAt.ToUnixTimeMilliseconds()}");
}

/// <summary>The JSON of a notice, in the form that Standard Webhooks 1.0 recommends.</summary>
/// <param name="Type">The kind of event.</param>
/// <param name="Timestamp">When it happened; the same at every attempt.</param>
public sealed record NoticeEvent(string Type, DateTimeOffset Timestamp, NoticeData Data)
{
    /// <summary>The kind of event for a batch's end.</summary>
    public const string BatchEnded = "batch.ended";
}

/// <summary>The part of a notice that describes the batch.</summary>
public sealed record NoticeData
{
    /// <summary>The batch's id.</summary>
    public required string Id { get; init; }

    /// <summary>How it ended: completed, cancelled, expired or failed.</summary>
    public required EndKind Status { get; init; }

    /// <summary>The number of the run, from 1.</summary>
    public required int Run { get; init; }

    /// <summary>The number of items.</summary>
    public required long Items { get; init; }

    /// <summary>The number of outcomes of each kind.</summary>
    public required OutcomeCounts Counts { get; init; }

    /// <summary>The SHA-256 of the complete results, in lower-case hex; null if the batch failed without a receipt.</summary>
    public string? Sha256 { get; init; }

    /// <summary>When the batch was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Why items were left unsent, or why the batch failed, in a sentence; null if neither happened.</summary>
    public string? Error { get; init; }

    internal static NoticeData Of(BatchManifest manifest, Receipt receipt) => new()
    {
        Id = manifest.Id,
        Status = BatchEnd.KindOf(receipt.Stop),
        Run = receipt.Run,
        Items = receipt.Items,
        Counts = receipt.Counts,
        Sha256 = receipt.Sha256,
        CreatedAt = receipt.CreatedAt,
        EndedAt = receipt.SealedAt,
        Error = receipt.Stop?.Reason,
    };

    internal static NoticeData Of(BatchManifest manifest, BatchFailure failure) => new()
    {
        Id = manifest.Id,
        Status = EndKind.Failed,
        Run = failure.Run,
        Items = manifest.ItemCount,
        Counts = failure.Counts,
        CreatedAt = manifest.CreatedAt,
        EndedAt = failure.FailedAt,
        Error = failure.Reason,
    };
}
