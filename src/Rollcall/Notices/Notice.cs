using System.Globalization;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Notices;

/// <summary>What is sent when a run of a batch has ended: the same bytes under the same id at every attempt.</summary>
/// <param name="Id">The id that a receiver tells repeated notices by.</param>
/// <param name="Body">The JSON of a <see cref="NoticeEvent"/>, in UTF-8.</param>
public sealed record Notice(string Id, ReadOnlyMemory<byte> Body)
{
    /// <summary>Makes the notice from what the store has of the run's end.</summary>
    /// <param name="store">Where the batch is.</param>
    /// <param name="manifest">The batch.</param>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The notice.</returns>
    /// <exception cref="InvalidOperationException">The run has not ended: it has no receipt and no recorded failure.</exception>
    /// <exception cref="IOException">The store failed.</exception>
    public static async Task<Notice> CreateAsync(IBatchStore store, BatchManifest manifest, int run)
    {
        var data = await store.FindReceiptAsync(manifest.Id, run, CancellationToken.None) is { } receipt ? NoticeData.Of(manifest, receipt)
            : await store.FindFailureAsync(manifest.Id, run, CancellationToken.None) is { } failure ? NoticeData.Of(manifest, failure)
            : throw new InvalidOperationException($"Run {run} of batch '{manifest.Id}' has not ended, and nobody may be told that it has.");
        var body = JsonSerializer.SerializeToUtf8Bytes(new NoticeEvent(NoticeEvent.BatchEnded, data.EndedAt, data), NoticesJson.Compact.NoticeEvent);
        return new Notice(IdOf(manifest, run), body);
    }

    // With the time of the intake, because a batch that is deleted and started again under its id is another one, and its receiver must
    // not take its notice for a repeated one. No part has a full stop, which the signed text is divided by.
    static string IdOf(BatchManifest manifest, int run) =>
        string.Create(CultureInfo.InvariantCulture, $"{manifest.Id}_{run}_{manifest.CreatedAt.ToUnixTimeMilliseconds()}");
}
