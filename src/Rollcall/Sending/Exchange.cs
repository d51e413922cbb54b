namespace Rollcall.Sending;

/// <summary>What went over an HTTP/1.1 connection for one request: the facts that the HTTP client does not report.</summary>
sealed class Exchange
{
    // "HTTP/1.1 200": the client rejects every other form.
    const int StatusAt = 9;

    static readonly AsyncLocal<Exchange?> OfThisRequest = new();

    int position;
    bool isInformational;
    bool isLineEmpty = true;
    bool isInBody;

    /// <summary>
    /// The exchange of the request that the current code is sending. The client writes a request in its sender's async flow.
    /// </summary>
    public static Exchange? Current
    {
        get => OfThisRequest.Value;
        set => OfThisRequest.Value = value;
    }

    /// <summary>Whether the target stopped reading the payload before its end.</summary>
    public bool IsPayloadCut { get; set; }

    /// <summary>The number of body bytes received, including those that the client drops.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>The length that the body should have; null while there is none.</summary>
    public long? Length { get; set; }

    /// <summary>Starts over: the client resends the request by itself if it finds a connection closed.</summary>
    public void Restart() =>
        (IsPayloadCut, BodyBytes, Length, position, isInformational, isLineEmpty, isInBody) = (false, 0, null, 0, false, true, false);

    /// <summary>Records received bytes.</summary>
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
