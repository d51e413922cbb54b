using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Client;

/// <summary>Downloads the results of a batch.</summary>
/// <param name="request">Which results.</param>
/// <param name="output">Where they go.</param>
sealed class ResultsDownload(ServerClient client, ResultsRequest request, ResultsOutput output, TimeProvider time)
{
    static readonly TimeSpan MinPause = TimeSpan.FromSeconds(0.2);
    static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);
    static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(60);

    /// <summary>Reads the results that exist now.</summary>
    /// <param name="batch">The batch's status.</param>
    /// <returns>The batch's receipt; null if it is not sealed.</returns>
    /// <exception cref="ServerException">The results did not arrive completely.</exception>
    public async Task<Receipt?> ReadAsync(BatchStatus batch, CancellationToken cancellationToken)
    {
        var receipt = BatchWatch.HasEnded(batch) || request.Run is not null
            ? (await client.FindReceiptAsync(request.Id, request.Run, cancellationToken))?.Content
            : null;
        try
        {
            await ReadAsync(isContiguous: false, cancellationToken);
        }
        catch (ServerException exception) when (exception is { IsTransient: true, IsDamaged: false } && receipt is not null)
        {
            // A response that has begun can report damage only by breaking off, so the server is asked for the reason.
            throw await client.FindDamageAsync(request, output.Next, cancellationToken) ?? exception;
        }

        return receipt;
    }

    /// <summary>Reads results as they become available, until the batch ends. Tolerates 60 seconds without a response.</summary>
    /// <param name="first">The batch's first status.</param>
    /// <param name="note">Receives a sentence when the server stops responding, and when it responds again.</param>
    /// <returns>The last status, and the receipt; null if the batch is not sealed.</returns>
    /// <exception cref="ServerException">The server did not respond for too long, or no longer knows the batch.</exception>
    public async Task<(BatchStatus Batch, Receipt? Receipt)> FollowAsync(
        BatchStatus first, Action<string> note, CancellationToken cancellationToken)
    {
        var batch = first;
        var pause = MinPause;
        long? awaySince = null;
        while (true)
        {
            long before = output.Next;
            try
            {
                if (BatchWatch.HasEnded(batch))
                {
                    return (batch, await ReadAsync(batch, cancellationToken));
                }

                await ReadAsync(isContiguous: true, cancellationToken);
                await Task.Delay(pause, time, cancellationToken);
                batch = await client.GetStatusAsync(request.Id, cancellationToken);
                if (awaySince is not null)
                {
                    note("The server is responding again.");
                    awaySince = null;
                }
            }
            catch (ServerException exception) when (exception.IsTransient)
            {
                if (awaySince is null)
                {
                    note($"{Sentence.Of(exception.Message)} Retrying for {MaxSilence.TotalSeconds} seconds.");
                }

                awaySince = output.Next > before ? time.GetTimestamp() : awaySince ?? time.GetTimestamp();
                if (time.GetElapsedTime(awaySince.Value) >= MaxSilence)
                {
                    throw;
                }

                await Task.Delay(pause, time, cancellationToken);
            }

            pause = output.Next > before ? MinPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, MaxPause.Ticks));
        }
    }

    async Task ReadAsync(bool isContiguous, CancellationToken cancellationToken)
    {
        await output.BeginResponseAsync();
        output.EndResponse(
            await client.ReadResultsAsync(
                request with { From = output.Next, IsContiguous = isContiguous },
                output.AddAsync,
                cancellationToken));
    }
}
