using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Items;
using Rollcall.Storage;

namespace Rollcall.Sending;

/// <summary>Reads one response body to its end: a small one into memory, a larger one into the batch's store as it arrives.</summary>
/// <param name="store">Where larger bodies go.</param>
/// <param name="maxBytes">The maximum size of a response body.</param>
sealed class BodyReader(IBatchStore store, string batchId, int shard, long maxBytes)
{
    const int BufferSize = 64 * 1024;

    /// <summary>Reads the body.</summary>
    /// <param name="cancellationToken">The attempt's time limit.</param>
    /// <returns>What was received, and the failure that ended the reading early, if one did.</returns>
    public async Task<BodyRead> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ItemBody.MaxInlineBytes + 1);
        try
        {
            var (length, failure) = await FillAsync(source, buffer.AsMemory(0, ItemBody.MaxInlineBytes + 1), cancellationToken);
            if (length <= ItemBody.MaxInlineBytes && length <= maxBytes)
            {
                return new BodyRead(Inline(buffer.AsSpan(0, length)), failure);
            }

            return await SpoolAsync(buffer.AsMemory(0, length), source, failure, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a piece. A failure is returned, not thrown, because what was received before it is still wanted.</summary>
    static async Task<(int Length, Exception? Failure)> FillAsync(Stream source, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int length = 0;
        try
        {
            while (length < buffer.Length)
            {
                int read = await source.ReadAsync(buffer[length..], cancellationToken);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }
        }
        catch (Exception exception) when (ItemFailure.IsFromBody(exception))
        {
            return (length, exception);
        }

        return (length, null);
    }

    static ItemBody Inline(ReadOnlySpan<byte> bytes)
    {
        var check = default(TextCheck);
        check.Append(bytes);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return check.IsText
            ? new ItemBody { Text = Encoding.UTF8.GetString(bytes), Bytes = bytes.Length, Sha256 = sha256 }
            : new ItemBody { Base64 = Convert.ToBase64String(bytes), Bytes = bytes.Length, Sha256 = sha256 };
    }

    async Task<BodyRead> SpoolAsync(ReadOnlyMemory<byte> start, Stream source, Exception? failure, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var check = default(TextCheck);
        long total = 0;
        bool isTooLarge = false;

        async Task TakeAsync(Stream stream, ReadOnlyMemory<byte> piece)
        {
            isTooLarge = total + piece.Length > maxBytes;
            piece = isTooLarge ? piece[..(int)(maxBytes - total)] : piece;
            hash.AppendData(piece.Span);
            check.Append(piece.Span);
            total += piece.Length;
            await stream.WriteAsync(piece, CancellationToken.None);
        }

        string name = await store.WriteBodyAsync(
            batchId,
            shard,
            async stream =>
            {
                await TakeAsync(stream, start);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    while (failure is null && !isTooLarge)
                    {
                        (int length, failure) = await FillAsync(source, buffer.AsMemory(0, BufferSize), cancellationToken);
                        if (length == 0)
                        {
                            break;
                        }

                        await TakeAsync(stream, buffer.AsMemory(0, length));
                    }
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            },
            CancellationToken.None);

        var body = new ItemBody
        {
            StoredName = name,
            StoredIsText = check.IsText,
            Bytes = total,
            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
        return new BodyRead(body, failure, isTooLarge);
    }
}

/// <summary>The result of reading a body.</summary>
/// <param name="Failure">What ended the reading before the body's end; null if it was read completely or is too large.</param>
/// <param name="IsTooLarge">Whether the body continues past the limit.</param>
readonly record struct BodyRead(ItemBody Body, Exception? Failure, bool IsTooLarge = false);
