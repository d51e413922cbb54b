namespace Rollcall.Sending;

/// <summary>A response's body: measured as it arrives, then decoded.</summary>
sealed class ResponseBody : IAsyncDisposable
{
    const int MaxEncodingLength = 256;

    readonly string[] codings;
    readonly List<DecodedStream> decoders;

    ResponseBody(Stream stream, string[] codings)
    {
        this.codings = codings;
        decoders = codings.Length == 0 ? [] : ContentCodings.Decode(stream, codings);
        Stream = decoders.Count > 0 ? decoders[^1] : stream;
    }

    /// <summary>The decoded bytes.</summary>
    public Stream Stream { get; }

    /// <summary>
    /// What is left of <c>Content-Encoding</c> once the body was read: the codings that are not known, and those that the body did not
    /// actually have; null if all was decoded.
    /// </summary>
    public string? Encoding
    {
        get
        {
            var undecoded = decoders.Where(decoder => decoder.IsUndecoded).Select(decoder => decoder.Coding).Reverse();
            string left = string.Join(", ", codings.SkipLast(decoders.Count).Concat(undecoded));
            return left.Length == 0 ? null : left[..Math.Min(left.Length, MaxEncodingLength)];
        }
    }

    /// <summary>Opens the body of a response whose headers were read.</summary>
    public static async Task<ResponseBody> OpenAsync(HttpResponseMessage response, Exchange exchange, CancellationToken cancellationToken)
    {
        // After an unrequested 101 comes another protocol, not a body. The response to a HEAD has the headers of a GET, and no body (RFC
        // 9110, section 9.3.2).
        if ((int)response.StatusCode < 200 || response.RequestMessage?.Method == HttpMethod.Head)
        {
            return new ResponseBody(Stream.Null, []);
        }

        var framing = Framing.Of(response);
        exchange.Length = framing.Length;
        Stream stream = new MeasuredStream(await response.Content.ReadAsStreamAsync(cancellationToken), framing, exchange);
        if (framing.Codings.Length > 0)
        {
            stream = ContentCodings.Decode(stream, framing.Codings)[^1];
        }

        var codings = HeaderList.Of(response.Content.Headers, "Content-Encoding").Where(coding => !ContentCodings.IsIdentity(coding));
        return new ResponseBody(stream, [.. codings]);
    }

    /// <summary>Abandons the rest of the body.</summary>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
