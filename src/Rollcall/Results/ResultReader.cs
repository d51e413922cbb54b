using System.Security.Cryptography;
using Rollcall.Items;

namespace Rollcall.Results;

/// <summary>
/// Reads result lines with constant memory however large their bodies are: it keeps the head of a line and skips the rest.
/// </summary>
/// <param name="stream">The lines. It is not closed.</param>
/// <param name="hashes">They get every byte that is read.</param>
/// <param name="body">
/// Checks that each line's body has the length and the hash in the line; null to skip this check.
/// </param>
sealed class ResultReader(Stream stream, IReadOnlyList<IncrementalHash> hashes, LineBody? body = null)
{
    readonly byte[] buffer = new byte[64 * 1024];
    readonly byte[] head = new byte[ResultRow.HeadSize + ResultRow.EndSize];
    int start;
    int end;

    /// <summary>Reads the next line.</summary>
    /// <returns>The line's fields, or null after the last one.</returns>
    /// <exception cref="InvalidDataException">The line is not a result line, or does not end.</exception>
    public ValueTask<ResultLine?> ReadAsync(CancellationToken cancellationToken) => CopyAsync(_ => false, Stream.Null, cancellationToken);

    /// <summary>Reads the next line and, if it is wanted, copies it byte for byte.</summary>
    /// <param name="isWanted">Whether to copy the line.</param>
    /// <param name="target">The destination of the copy.</param>
    /// <returns>The line's fields, or null after the last one.</returns>
    /// <exception cref="InvalidDataException">The line is not a result line, or does not end.</exception>
    public async ValueTask<ResultLine?> CopyAsync(Func<ResultLine, bool> isWanted, Stream target, CancellationToken cancellationToken)
    {
        ResultRow? row = null;
        ResultLine? line = null;
        BodyPlace? place = null;
        bool isCopied = false;
        int headLength = 0;
        long lineLength = 0;
        while (true)
        {
            if (start == end)
            {
                start = 0;
                end = await stream.ReadAsync(buffer, cancellationToken);
                if (end == 0)
                {
                    if (lineLength > 0)
                    {
                        throw new InvalidDataException($"The last result line breaks off after {lineLength} bytes.");
                    }

                    return null;
                }

                foreach (var hash in hashes)
                {
                    hash.AppendData(buffer, 0, end);
                }
            }

            int feed = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            int length = feed < 0 ? end - start : feed;
            int kept = Math.Min(length, ResultRow.HeadSize - headLength);
            buffer.AsSpan(start, kept).CopyTo(head.AsSpan(headLength));
            headLength += kept;
            lineLength += length;
            if (line is null && (feed >= 0 || headLength == ResultRow.HeadSize))
            {
                row = ResultRow.ParseHead(head, headLength, out place);
                line = row.ToLine();
                if (place is { } begin)
                {
                    body?.Begin(begin.Kind);
                    body?.Add(head.AsSpan(begin.Start, headLength - begin.Start));
                }

                isCopied = isWanted(line);
                if (isCopied)
                {
                    await target.WriteAsync(head.AsMemory(0, headLength), cancellationToken);
                }
            }

            if (isCopied)
            {
                // Including the line feed, if there is one.
                await target.WriteAsync(buffer.AsMemory(start + kept, length - kept + (feed < 0 ? 0 : 1)), cancellationToken);
            }

            if (place is not null)
            {
                body?.Add(buffer.AsSpan(start + kept, length - kept));
            }

            start += feed < 0 ? length : length + 1;
            if (feed >= 0)
            {
                RequireBody(row!, hasBody: place is not null);
                return line;
            }
        }
    }

    void RequireBody(ResultRow row, bool hasBody)
    {
        bool isRight = body is null
            || (hasBody ? body.Is(row.Bytes ?? 0, row.JsonSha256 ?? row.Sha256) : row is { Sha256: null, Bytes: null or 0 });
        if (!isRight)
        {
            throw new InvalidDataException($"The body of item {row.Index} is not the one whose length and SHA-256 its line has.");
        }
    }
}
