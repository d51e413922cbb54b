using Rollcall.Streams;

namespace Rollcall.Intake;

/// <summary>A stream whose first bytes can be looked at before they are read.</summary>
sealed class PeekedStream(Stream below) : ReadOnlyStream(below)
{
    byte[] start = [];
    int given;
    int length;
    bool isWhole;

    /// <summary>The bytes that were looked at and are not read yet.</summary>
    public ReadOnlyMemory<byte> Start => start.AsMemory(given, length - given);

    /// <summary>Looks at the first bytes.</summary>
    /// <param name="needed">The number of bytes that are sufficient. There are fewer only if the stream has no more.</param>
    /// <param name="isSufficient">Whether fewer are sufficient too; null for no.</param>
    public async Task PeekAsync(int needed, Func<ReadOnlyMemory<byte>, bool>? isSufficient, CancellationToken cancellationToken)
    {
        Array.Resize(ref start, Math.Max(start.Length, given + needed));
        while (!isWhole && Start.Length < needed && isSufficient?.Invoke(Start) != true)
        {
            int read = await Below.ReadAsync(start.AsMemory(length), cancellationToken);
            isWhole = read == 0;
            length += read;
        }
    }

    /// <summary>Leaves out some of the bytes that were looked at.</summary>
    public void Skip(int count) => given += count;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (given == length)
        {
            return isWhole ? new(0) : Below.ReadAsync(buffer, cancellationToken);
        }

        int count = Math.Min(buffer.Length, length - given);
        start.AsMemory(given, count).CopyTo(buffer);
        given += count;
        return new(count);
    }
}
