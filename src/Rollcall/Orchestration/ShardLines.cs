using System.Security.Cryptography;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>
/// Writes outcomes as the result lines of a shard, and does not accept an id or a body that is not what was recorded.
/// </summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="target">The destination. It is not closed.</param>
sealed class ShardLines(IBatchStore store, BatchManifest manifest, int shard, Stream target) : IAsyncDisposable
{
    readonly ResultWriter writer = new(target);
    readonly Extraction? extraction =
        manifest.Options.Record.Extract is { Count: > 0 } fields ? new Extraction(fields) : null;
    readonly List<ItemOutcome> written = [];
    readonly List<long> lost = [];

    /// <summary>The outcomes as they were written.</summary>
    public IReadOnlyList<ItemOutcome> Written => written;

    /// <summary>The items whose bodies are missing or damaged. If there are any, what was written is unusable.</summary>
    public IReadOnlyList<long> Lost => lost;

    /// <summary>Writes the line of an outcome.</summary>
    public async Task WriteAsync(ItemOutcome outcome)
    {
        string? id = null;
        BatchItem? input = null;
        try
        {
            id = await store.ReadIdAsync(manifest, outcome.Index, CancellationToken.None);
            input = manifest.Options.Record.WithInput
                ? await store.ReadItemAsync(manifest, outcome.Index, CancellationToken.None)
                : null;
        }
        catch (DamagedDataException exception)
        {
            // Without its id or input it cannot count as a success, because its caller would look for it by these.
            outcome = outcome.WithDamagedInput(exception.Message);
        }

        if (await TryWriteAsync(outcome, id, input))
        {
            written.Add(outcome);
        }
        else
        {
            lost.Add(outcome.Index);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => writer.DisposeAsync();

    async Task<bool> TryWriteAsync(ItemOutcome outcome, string? id, BatchItem? input)
    {
        if (outcome.Body is not { } body)
        {
            return await writer.TryWriteAsync(outcome, id, input: input);
        }

        if (!body.IsInlineWhole())
        {
            return false;
        }

        bool hasJson = manifest.Options.Record.JsonBody;
        var recorded = new RecordedBody(
            body,
            name => store.FindBodyAsync(manifest.Id, shard, name, CancellationToken.None),
            isForSeveral: hasJson || extraction is not null);
        try
        {
            var extracted = extraction is null || body.IsCut ? null : await extraction.ReadAsync(body, recorded.OpenAsync);
            var jsonBody = hasJson ? await JsonBody.FindAsync(body, recorded.OpenAsync) : null;
            if (body.StoredName is null)
            {
                return await writer.TryWriteAsync(outcome, id, storedBody: null, extracted, jsonBody, input);
            }

            await using var stored = await recorded.OpenAsync();
            using var sha256 = SHA256.Create();
            await using var hashed = new CryptoStream(stored, sha256, CryptoStreamMode.Read);
            return await writer.TryWriteAsync(outcome, id, hashed, extracted, jsonBody, input)
                && Convert.ToHexStringLower(sha256.Hash!) == outcome.Body.Sha256;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
