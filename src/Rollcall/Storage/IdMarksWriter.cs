using System.Runtime.InteropServices;

namespace Rollcall.Storage;

/// <summary>
/// Writes the marks of a batch's ids, with their hash: see <see cref="IdMarks"/>. Nothing is created for items without ids.
/// </summary>
/// <param name="create">Creates the destination. It is closed with the writer.</param>
sealed class IdMarksWriter<T>(Func<T> create) : IAsyncDisposable
    where T : Stream
{
    const int MarksAtOnce = 16 * 1024;

    readonly uint[] marks = new uint[MarksAtOnce];
    int count;
    long blanks;
    T? target;
    HashedStream? hashed;

    /// <summary>Adds the mark of the next item.</summary>
    /// <param name="id">Its id; null for none.</param>
    public async ValueTask AddAsync(string? id, CancellationToken cancellationToken)
    {
        if (hashed is null)
        {
            if (id is null)
            {
                blanks++;
                return;
            }

            hashed = new HashedStream(target = create());
            for (; blanks > 0; blanks--)
            {
                await AddMarkAsync(0, cancellationToken);
            }
        }

        await AddMarkAsync(IdMarks.Of(id), cancellationToken);
    }

    /// <summary>Writes the rest.</summary>
    /// <returns>The destination, with everything written to it; null if no item has an id.</returns>
    public async Task<T?> FinishAsync(CancellationToken cancellationToken)
    {
        if (hashed is not null)
        {
            await WriteAsync(cancellationToken);
            await CheckedContent.FinishAsync(target!, hashed);
            await target!.FlushAsync(cancellationToken);
        }

        return target;
    }

    public async ValueTask DisposeAsync()
    {
        await (hashed?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (target?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    ValueTask AddMarkAsync(uint mark, CancellationToken cancellationToken)
    {
        marks[count++] = mark;
        return count == MarksAtOnce ? WriteAsync(cancellationToken) : ValueTask.CompletedTask;
    }

    async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        byte[] bytes = MemoryMarshal.AsBytes(marks.AsSpan(0, count)).ToArray();
        count = 0;
        await hashed!.WriteAsync(bytes, cancellationToken);
    }
}
