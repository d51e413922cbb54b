namespace Rollcall.Sending;

/// <summary>What went over an HTTP/1.1 connection for one request: what the HTTP client does not tell of it.</summary>
sealed class Exchange
{
    // "HTTP/1.1 200": the client refuses every other form.
    const int StatusAt = 9;

    static readonly AsyncLocal<Exchange?> OfThisRequest = new();

    int position;
    bool isInformational;
    bool isLineEmpty = true;
    bool isInBody;

    /// <summary>
    /// The exchange of the request that the current code sends. The client writes requests in the flow of whoever sends them.
    /// </summary>
    public static Exchange? Current
    {
        get => OfThisRequest.Value;
        set => OfThisRequest.Value = value;
    }

    /// <summary>Whether the target stopped taking the payload ahead of its end.</summary>
    public bool IsPayloadCut { get; set; }

    /// <summary>The bytes of the response's body that came, with those that the client drops.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>The length that the body should have; null while there is none.</summary>
    public long? Length { get; set; }

    /// <summary>Starts anew: the client sends the request again by itself if a connection turns out to be closed.</summary>
    public void Restart() =>
        (IsPayloadCut, BodyBytes, Length, position, isInformational, isLineEmpty, isInBody) = (false, 0, null, 0, false, true, false);

    /// <summary>Takes note of what came.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!isInBody && !bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            TakeLine(line);
            if (end < 0)
            {
                return;
            }

            bytes = bytes[(end + 1)..];
            position++;
            if (isLineEmpty)
            {
                (isInBody, position) = (!isInformational, 0);
            }

            isLineEmpty = true;
        }

        BodyBytes += bytes.Length;
    }

    void TakeLine(ReadOnlySpan<byte> piece)
    {
        int status = StatusAt - position;
        if (status >= 0 && status < piece.Length)
        {
            isInformational = piece[status] == '1';
        }

        isLineEmpty &= piece.Trim((byte)'\r').IsEmpty;
        position += piece.Length;
    }
}
