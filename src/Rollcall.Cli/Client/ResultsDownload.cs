using Rollcall.Api.Answers;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Client;

/// <summary>Reads the results of a batch of a server into an output.</summary>
/// <param name="request">Which results.</param>
/// <param name="output">Where they go.</param>
sealed class ResultsDownload(ServerClient client, ResultsRequest request, ResultsOutput output, TimeProvider time)
{
    static readonly TimeSpan MinPause = TimeSpan.FromSeconds(0.2);
    static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);
    static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(60);

    /// <summary>Reads what there is.</summary>
    /// <param name="batch">How the batch is.</param>
    /// <returns>The batch's receipt; null where it is not sealed.</returns>
    /// <exception cref="ServerException">The results did not come to their end.</exception>
    public async Task<Receipt?> ReadAsync(BatchStatus batch, CancellationToken cancellationToken)
    {
        var receipt = BatchWatch.HasEnded(batch) || request.Run is not null
            ? (await client.FindReceiptAsync(request.Id, request.Run, cancellationToken))?.Content
            : null;
        try
        {
            await ReadAsync(isContiguous: false, cancellationToken);
        }
        catch (ServerException exception) when (exception is { MayPass: true, IsDamaged: false } && receipt is not null)
        {
            // An answer that has begun can say no more than that it breaks off.
            throw await client.FindDamageAsync(request, output.Next, cancellationToken) ?? exception;
        }

        return receipt;
    }

    /// <summary>Reads what there is and what comes, until the batch ends, through a time in which the server does not answer.</summary>
    /// <param name="first">How the batch was at first.</param>
    /// <param name="note">Told in a sentence when the server is away, and when it is back.</param>
    /// <returns>How the batch ended, and its receipt; null where it is not sealed.</returns>
    /// <exception cref="ServerException">The server was away for too long, or no longer knows the batch.</exception>
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
                    note("The server answers again.");
                    awaySince = null;
                }
            }
            catch (ServerException exception) when (exception.MayPass)
            {
                if (awaySince is null)
                {
                    note($"{Sentence.Of(exception.Message)} Trying again for {MaxSilence.TotalSeconds} seconds.");
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
        await output.BeginAnswerAsync();
        output.EndAnswer(
            await client.ReadResultsAsync(
                request with { From = output.Next, IsContiguous = isContiguous },
                output.AddAsync,
                cancellationToken));
    }
}
