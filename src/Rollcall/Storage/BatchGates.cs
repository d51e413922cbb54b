namespace Rollcall.Storage;

/// <summary>Admits one caller at a time per batch.</summary>
sealed class BatchGates
{
    readonly Lock gate = new();
    readonly Dictionary<string, (SemaphoreSlim Turn, int Users)> gates = new(StringComparer.Ordinal);

    /// <summary>Waits until no other caller is inside.</summary>
    /// <returns>Leaves when it is disposed.</returns>
    public async Task<IDisposable> EnterAsync(string batchId, CancellationToken cancellationToken)
    {
        SemaphoreSlim turn;
        lock (gate)
        {
            var (known, users) = gates.GetValueOrDefault(batchId);
            turn = known ?? new SemaphoreSlim(1);
            gates[batchId] = (turn, users + 1);
        }

        try
        {
            await turn.WaitAsync(cancellationToken);
            return new Pass(() => Leave(batchId, isIn: true));
        }
        catch
        {
            Leave(batchId, isIn: false);
            throw;
        }
    }

    void Leave(string batchId, bool isIn)
    {
        lock (gate)
        {
            var (turn, users) = gates[batchId];
            if (isIn)
            {
                turn.Release();
            }

            if (users > 1)
            {
                gates[batchId] = (turn, users - 1);
                return;
            }

            gates.Remove(batchId);
            turn.Dispose();
        }
    }

    sealed class Pass(Action leave) : IDisposable
    {
        Action? leave = leave;

        public void Dispose() => Interlocked.Exchange(ref leave, null)?.Invoke();
    }
}
