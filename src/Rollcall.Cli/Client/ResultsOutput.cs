using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Rollcall.Results;

namespace Rollcall.Cli.Client;

/// <summary>
/// Writes the results of one or more answers, each of them once and whole however the answers break off. A result that has not come
/// whole is held back, on disk where it is large.
/// </summary>
sealed class ResultsOutput : IAsyncDisposable
{
    const int MaxHeldInMemory = 1024 * 1024;

    // Room for {"index": and the greatest index.
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

    /// <summary>Makes an output.</summary>
    /// <param name="stream">Where the results go. It is not closed.</param>
    /// <param name="format">What they are given as.</param>
    /// <param name="from">The index of the first item.</param>
    public ResultsOutput(Stream stream, ResultFormat format, long from)
    {
        this.format = format;
        ends = new RecordEnds(format);
        target = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true);
        Next = from;
    }

    /// <summary>How many results are written.</summary>
    public long Lines { get; private set; }

    /// <summary>The index of the first item that may be missing yet.</summary>
    public long Next { get; private set; }

    /// <summary>Whether the last result did not come whole.</summary>
    public bool BreaksOff => startLength > 0;

    /// <summary>Begins an answer. What came of a result at the end of the one before is dropped.</summary>
    public async Task BeginAnswerAsync()
    {
        await ReleaseAsync();
        ends.Reset();
        startLength = 0;
        isHeader = format == ResultFormat.Csv;
    }

    /// <summary>Ends an answer that came whole.</summary>
    /// <param name="next">The index that it ends before, where the server says so.</param>
    public void EndAnswer(long? next)
    {
        if (!BreaksOff && next > Next)
        {
            Next = next.Value;
        }
    }

    /// <summary>Takes a piece of an answer in, and writes the results that are whole.</summary>
    /// <exception cref="ServerException">They are not results, or not in order. The piece is not written.</exception>
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
            // Not cancelled in the middle, so that what is written ends with a whole result.
            await held.DrainBufferAsync(target, CancellationToken.None);
            await ReleaseAsync();
            await target.WriteAsync(piece[begin..end], CancellationToken.None);
        }

        await held.WriteAsync(piece[end..], CancellationToken.None);
        (Next, Lines) = (next, lines);
    }

    /// <summary>Ends the output.</summary>
    /// <returns>The SHA-256 of all that was written, in lower-case hex.</returns>
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
                "What came is not results of a Rollcall server: one has no index. Check --server.") { MayPass = true };
        }

        return index >= next
            ? index
            : throw new ServerException(
                $"The results are not in order: item {index} came where item {next} or a later one should be.") { MayPass = true };
    }

    async Task ReleaseAsync()
    {
        await held.DisposeAsync();
        held = new FileBufferingWriteStream(MaxHeldInMemory);
    }
}
