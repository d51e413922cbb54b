using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Validation;

namespace Rollcall.Results;

/// <summary>
/// Decodes the body of a result line as its bytes pass, and checks it against the length and the hash in the line, with constant memory
/// however large the body is.
/// </summary>
sealed class LineBody : IDisposable
{
    // The longest escape is a surrogate pair, \uD83D\uDE00.
    const int MaxPending = 12;
    const int DecodedSize = 16 * 1024;

    static readonly SearchValues<byte> TextEnds = SearchValues.Create("\\\""u8);

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly byte[] decoded = new byte[DecodedSize];
    readonly byte[] pending = new byte[MaxPending];
    readonly JsonScan json = new();
    readonly LineEnd lineEnd = new();
    BodyKind kind;
    bool isClosed;
    bool isBroken;
    int pendingLength;
    int decodedLength;
    long total;

    /// <summary>Begins a line's body.</summary>
    public void Begin(BodyKind bodyKind)
    {
        (kind, isClosed, isBroken, pendingLength, decodedLength, total) = (bodyKind, false, false, 0, 0, 0);
        json.Begin();
        lineEnd.Begin();
        hash.TryGetHashAndReset(stackalloc byte[SHA256.HashSizeInBytes], out _);
    }

    /// <summary>Adds what follows the body's opening quote, or its name if it has none, in any pieces, up to the end of the line.</summary>
    /// <param name="piece">The next bytes of the line.</param>
    public void Add(ReadOnlySpan<byte> piece)
    {
        if (kind == BodyKind.Json && !isClosed)
        {
            int taken = json.Take(piece);
            Put(piece[..taken]);
            isClosed = taken < piece.Length;
            isBroken |= isClosed && !json.IsWhole;
            piece = piece[taken..];
        }

        while (piece.Length > 0 && pendingLength > 0 && !isClosed && !isBroken)
        {
            pending[pendingLength++] = piece[0];
            piece = piece[1..];
            int taken = Take(pending.AsSpan(0, pendingLength));
            pendingLength = taken > 0 ? 0 : pendingLength;
            isBroken |= pendingLength == MaxPending;
        }

        while (piece.Length > 0 && !isClosed && !isBroken)
        {
            int taken = Take(piece);
            if (taken == 0)
            {
                isBroken |= piece.Length >= MaxPending;
                pendingLength = Math.Min(piece.Length, MaxPending - 1);
                piece[..pendingLength].CopyTo(pending);
                return;
            }

            piece = piece[taken..];
        }

        lineEnd.Add(piece);
    }

    /// <summary>Ends the line.</summary>
    /// <param name="bytes">The length of the body according to the line.</param>
    /// <param name="sha256">The SHA-256 according to the line, in lower-case hex.</param>
    /// <returns>Whether both are right.</returns>
    public bool Is(long bytes, string? sha256)
    {
        Flush();
        return isClosed && !isBroken && lineEnd.IsWhole && total == bytes && Convert.ToHexStringLower(hash.GetHashAndReset()) == sha256;
    }

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

    // Returns the number of bytes consumed; 0 if more are needed first.
    int Take(ReadOnlySpan<byte> text)
    {
        if (text[0] == (byte)'"')
        {
            isClosed = true;
            return 1;
        }

        if (kind == BodyKind.Base64)
        {
            return TakeBase64(text);
        }

        return text[0] == (byte)'\\' ? TakeEscape(text) : TakeText(text);
    }

    int TakeText(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny(TextEnds);
        var part = end < 0 ? text : text[..end];
        Put(part);
        return part.Length;
    }

    int TakeBase64(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'"');
        var part = end < 0 ? text[..(text.Length & ~3)] : text[..end];
        part = part[..Math.Min(part.Length, DecodedSize)];
        if (part.Length == 0)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(part.Length)];
        isBroken |= Base64.DecodeFromUtf8(part, bytes, out _, out int written) != OperationStatus.Done;
        Put(bytes[..written]);
        return part.Length;
    }

    // RFC 8259, section 7.
    int TakeEscape(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return 0;
        }

        if (text[1] == (byte)'u')
        {
            return TakeCode(text);
        }

        byte? value = text[1] switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => text[1],
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => null,
        };
        isBroken |= value is null;
        Put([value ?? 0]);
        return 2;
    }

    int TakeCode(ReadOnlySpan<byte> text)
    {
        if (text.Length < 6)
        {
            return 0;
        }

        isBroken |= !Utf8Parser.TryParse(text.Slice(2, 4), out ushort high, out int used, 'x') || used != 4;
        int length = 6;
        var rune = new Rune(0xFFFD);
        if (char.IsHighSurrogate((char)high))
        {
            if (text.Length < MaxPending)
            {
                return 0;
            }

            length = MaxPending;
            isBroken |= text[6] != (byte)'\\'
                || text[7] != (byte)'u'
                || !Utf8Parser.TryParse(text.Slice(8, 4), out ushort low, out used, 'x')
                || used != 4
                || !Rune.TryCreate((char)high, (char)low, out rune);
        }
        else
        {
            isBroken |= !Rune.TryCreate((char)high, out rune);
        }

        Span<byte> utf8 = stackalloc byte[4];
        Put(utf8[..rune.EncodeToUtf8(utf8)]);
        return length;
    }

    // Collected, because hashing many small pieces is slow, and JSON text within JSON has an escape every few bytes.
    void Put(ReadOnlySpan<byte> bytes)
    {
        total += bytes.Length;
        if (bytes.Length > DecodedSize - decodedLength)
        {
            Flush();
        }

        if (bytes.Length > DecodedSize)
        {
            hash.AppendData(bytes);
            return;
        }

        bytes.CopyTo(decoded.AsSpan(decodedLength));
        decodedLength += bytes.Length;
    }

    void Flush()
    {
        hash.AppendData(decoded, 0, decodedLength);
        decodedLength = 0;
    }
}
