using System.Security.Cryptography;
using Rollcall.Streams;

namespace Rollcall.Storage;

/// <summary>Reads content without its trailer, and checks it against that: see <see cref="CheckedContent"/>.</summary>
/// <param name="inner">The content and its trailer.</param>
/// <param name="length">The length of both, in bytes.</param>
/// <param name="sha256">The hash that the content must have; null to accept the one in the trailer.</param>
sealed class CheckedStream(Stream inner, long length, string name, string? sha256) : ReadOnlyStream(inner)
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long left = length - CheckedContent.TrailerLength;
    bool isChecked;

    /// <inheritdoc/>
    /// <exception cref="DamagedDataException">The content is not what was written.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (left < 0)
        {
            throw Damaged($"it has {length} bytes, which is too short");
        }

        var part = buffer.Length > left ? buffer[..(int)left] : buffer;
        int read = part.Length == 0 ? 0 : await Below.ReadAsync(part, cancellationToken);
        if (read == 0 && part.Length > 0)
        {
            throw Damaged($"it ends {left + CheckedContent.TrailerLength} bytes early");
        }

        hash.AppendData(part.Span[..read]);
        left -= read;
        if (left == 0 && !isChecked)
        {
            await RequireHashAsync(cancellationToken);
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
        }

        base.Dispose(disposing);
    }

    async Task RequireHashAsync(CancellationToken cancellationToken)
    {
        byte[] trailer = new byte[CheckedContent.TrailerLength];
        if (await Below.ReadAtLeastAsync(trailer, trailer.Length, throwOnEndOfStream: false, cancellationToken) < trailer.Length)
        {
            throw Damaged("it ends early");
        }

        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (CheckedContent.ReadTrailer(trailer) is not { } written)
        {
            throw Damaged("its last line is not that of its SHA-256");
        }

        if (found != written || (sha256 is not null && found != sha256))
        {
            throw Damaged($"its SHA-256 is {found}, and {(found != written ? written : sha256)} was recorded");
        }

        isChecked = true;
    }

    DamagedDataException Damaged(string how) => new($"{name} is damaged: {how}.");
}
