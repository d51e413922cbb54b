using System.Runtime.ExceptionServices;
using Rollcall.Streams;

namespace Rollcall.Sending;

/// <summary>
/// Gives a decoder the last byte of a body separately. This shows whether the decoder ends before the body does: a gzip decoder, which
/// looks for another member, then does not ask for the end, and a decoder of another format does not ask for the last byte.
/// </summary>
sealed class LastByteApart(Stream body) : ReadOnlyStream(body)
{
    readonly byte[] buffer = new byte[8192];
    int start;
    int end;
    bool isWhole;
    bool isFirstLost;
    ExceptionDispatchInfo? failure;

    /// <summary>The next bytes, up to the end of what has arrived.</summary>
    public ReadOnlySpan<byte> Next => buffer.AsSpan(start, end - start);

    /// <summary>Whether every byte was returned.</summary>
    public bool IsEmpty => isWhole && start == end;

    /// <summary>Whether the decoder has seen the end.</summary>
    public bool IsEndSeen { get; private set; }

    /// <summary>Whether the body ended with an exception. It is thrown once everything received before it was returned.</summary>
    public bool HasFailed => failure is not null;

    /// <summary>Reads until there are two bytes to return, or the body ends.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        while (!isWhole && end - start < 2)
        {
            isFirstLost |= start > 0;
            Next.CopyTo(buffer);
            (start, end) = (0, end - start);
            try
            {
                int read = await Below.ReadAsync(buffer.AsMemory(end), cancellationToken);
                isWhole = read == 0;
                end += read;
            }
            catch (Exception exception) when (ItemFailure.IsFromBody(exception))
            {
                failure = ExceptionDispatchInfo.Capture(exception);
                isWhole = true;
            }
        }
    }

    /// <summary>Starts over from the first byte, if that is still buffered.</summary>
    public bool TryRestart()
    {
        start = isFirstLost ? start : 0;
        return !isFirstLost;
    }

    /// <summary>Throws the exception that the body ended with, if it is at its end and there is one.</summary>
    public void ThrowIfFailed()
    {
        if (start == end)
        {
            failure?.Throw();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken = default)
    {
        await FillAsync(cancellationToken);
        ThrowIfFailed();
        int given = Math.Min(target.Length, end - start > 1 ? end - start - 1 : end - start);
        buffer.AsSpan(start, given).CopyTo(target.Span);
        start += given;
        IsEndSeen = given == 0;
        return given;
    }
}
