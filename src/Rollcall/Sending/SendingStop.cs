namespace Rollcall.Sending;

/// <summary>Ends the waits of items that are not in flight, so that a process can end as soon as those in flight are recorded.</summary>
public sealed class SendingStop : IDisposable
{
    readonly CancellationTokenSource source = new();

    /// <summary>Cancelled when it begins.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>Ends the waits.</summary>
    public Task BeginAsync() => source.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
