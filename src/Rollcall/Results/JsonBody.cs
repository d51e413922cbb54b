using System.Buffers;
using System.Security.Cryptography;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Results;

/// <summary>A body that a result line has as JSON. All bytes are as received, except that a line break becomes a space.</summary>
/// <param name="Sha256">The SHA-256 of the JSON as it is in the line; null if it is that of the body, which has no line break.</param>
sealed record JsonBody(string? Sha256)
{
    const int BufferSize = 64 * 1024;

    /// <summary>Finds out whether a body is JSON.</summary>
    /// <param name="open">Opens it.</param>
    /// <returns>Null if it is not one JSON value of at most <see cref="JsonScan.MaxDepth"/> levels, or not whole.</returns>
    public static async Task<JsonBody?> FindAsync(ItemBody body, Func<Task<Stream>> open)
    {
        if (body.IsCut || (body.Text is null && !body.StoredIsText))
        {
            return null;
        }

        var scan = new JsonScan();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        bool hasBreaks = false;
        await using var stream = await open();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                if (scan.Take(buffer.AsSpan(0, read)) < read)
                {
                    return null;
                }

                hasBreaks |= ReplaceLineBreaks(buffer.AsSpan(0, read));
                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return scan.IsWhole ? new JsonBody(hasBreaks ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null) : null;
    }

    /// <summary>Copies a body as it is in a line.</summary>
    /// <returns>The number of bytes.</returns>
    public static async Task<long> CopyAsync(Stream body, Stream line)
    {
        long total = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer)) > 0)
            {
                ReplaceLineBreaks(buffer.AsSpan(0, read));
                await line.WriteAsync(buffer.AsMemory(0, read));
                total += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return total;
    }

    // In JSON a line break is never within a string (RFC 8259, section 7), so it is white space.
    internal static bool ReplaceLineBreaks(Span<byte> json)
    {
        if (json.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return false;
        }

        json.Replace((byte)'\n', (byte)' ');
        json.Replace((byte)'\r', (byte)' ');
        return true;
    }
}
