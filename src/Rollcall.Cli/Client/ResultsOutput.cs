using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Rollcall.Results;

namespace Rollcall.Cli.Client;

/// <summary>
/// Writes the results of one or more responses, each result once and complete wherever the responses break off. An incomplete result is
/// held back, on disk if it is large.
/// </summary>
sealed class ResultsOutput : IAsyncDisposable
{
    const int MaxHeldInMemory = 1024 * 1024;

    // Enough for {"index": and the largest index.
    const int StartLength = 32;

    readonly ResultFormat format;
    readonly RecordEnds ends;
    readonly SHA256 hash = SHA256.Create();
    readonly CryptoStream target;
    readonly byte[] start = new byte[StartLength];
    int startLength;
    FileBufferingWriteStream held = new(MaxHeldInMemory);
    bool isHeader;
    bool isHeaderWritten;

    /// <summary>Creates an output.</summary>
    /// <param name="stream">Where the results go. It is not closed.</param>
    /// <param name="format">The format of the results.</param>
    /// <param name="from">The index of the first item.</param>
    public ResultsOutput(Stream stream, ResultFormat format, long from)
    {
        this.format = format;
        ends = new RecordEnds(format);
        target = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true);
        Next = from;
    }

    /// <summary>How many results were written.</summary>
    public long Lines { get; private set; }

    /// <summary>The index of the first item that may still be missing.</summary>
    public long Next { get; private set; }

    /// <summary>Whether the last result is incomplete.</summary>
    public bool BreaksOff => startLength > 0;

    /// <summary>Begins a response. An incomplete result at the end of the one before is dropped.</summary>
    public async Task BeginResponseAsync()
    {
        await ReleaseAsync();
        ends.Reset();
        startLength = 0;
        isHeader = format == ResultFormat.Csv;
    }

    /// <summary>Ends a response that arrived completely.</summary>
    /// <param name="next">The index that the response ends before, if the server says so.</param>
    public void EndResponse(long? next)
    {
        if (!BreaksOff && next > Next)
        {
            Next = next.Value;
        }
    }

    /// <summary>Takes the next piece of a response, and writes the results that are complete.</summary>
    /// <exception cref="ServerException">The piece is not results, or they are out of order. It is not written.</exception>
    public async Task AddAsync(ReadOnlyMemory<byte> piece)
    {
        long next = Next;
        long lines = Lines;
        int begin = 0;
        int end = 0;
        while (end < piece.Length)
        {
            int kept = Math.Min(StartLength - startLength, piece.Length - end);
            piece.Span.Slice(end, kept).CopyTo(start.AsSpan(startLength));
            startLength += kept;
            if (ends.Find(piece.Span[end..]) is not { } length)
            {
                break;
            }

            end += length;
            if (!isHeader)
            {
                next = RequireIndex(next) + 1;
                lines++;
            }
            else if (isHeaderWritten)
            {
                await ReleaseAsync();
                begin = end;
            }

            isHeaderWritten |= isHeader;
            isHeader = false;
            startLength = 0;
        }

        if (end > begin)
        {
            // Not cancelled in the middle, so that the output ends with a complete result.
            await held.DrainBufferAsync(target, CancellationToken.None);
            await ReleaseAsync();
            await target.WriteAsync(piece[begin..end], CancellationToken.None);
        }

        await held.WriteAsync(piece[end..], CancellationToken.None);
        (Next, Lines) = (next, lines);
    }

    /// <summary>Ends the output.</summary>
    /// <returns>The SHA-256 of everything written, in lower-case hex.</returns>
    public async Task<string> FinishAsync()
    {
        await target.FlushFinalBlockAsync();
        return Convert.ToHexStringLower(hash.Hash!);
    }

    public async ValueTask DisposeAsync()
    {
        await held.DisposeAsync();
        await target.DisposeAsync();
        hash.Dispose();
    }

    long RequireIndex(long next)
    {
        var text = start.AsSpan(0, startLength);
        int digits = text.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digits < 0 || !Utf8Parser.TryParse(text[digits..], out long index, out _))
        {
            throw new ServerException(
                "The response is not the results of a Rollcall server: a line has no index. Check --server.")
            { IsTransient = true };
        }

        return index >= next
            ? index
            : throw new ServerException(
                $"The results are out of order: item {index} came when item {next} or a later one was expected.")
            { IsTransient = true };
    }

    async Task ReleaseAsync()
    {
        await held.DisposeAsync();
        held = new FileBufferingWriteStream(MaxHeldInMemory);
    }
}
