using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>Names the failures of targets and of the network.</summary>
static class ItemFailure
{
    /// <summary>
    /// Whether an exception was caused by the target, the network or the time limit, so that it is an outcome and not a bug here.
    /// </summary>
    public static bool IsFromTarget(Exception exception) =>
        exception is HttpRequestException or HttpIOException or OperationCanceledException;

    /// <summary>
    /// The same for an exception from a response's stream, which can also come from TLS (IOException), from a wrong length
    /// (FramingException) or from the decoders (InvalidDataException).
    /// </summary>
    public static bool IsFromBody(Exception exception) => IsFromTarget(exception) || exception is IOException or InvalidDataException;

    /// <summary>The error for an exception of the HTTP client.</summary>
    /// <param name="exception">An exception that <see cref="IsFromTarget"/> or <see cref="IsFromBody"/> accepts.</param>
    /// <param name="timeout">The time limit of the attempt, for the message.</param>
    /// <param name="bodyBytes">The number of body bytes that had arrived; null if the response's headers had not.</param>
    /// <param name="deadline">The time limit itself: the client also cancels requests that it gives up for other reasons.</param>
    public static ItemError Of(Exception exception, TimeSpan timeout, long? bodyBytes, CancellationToken deadline)
    {
        if (exception is OperationCanceledException && deadline.IsCancellationRequested)
        {
            string state = bodyBytes is { } arrived ? $"after {arrived} bytes of the body" : "before a response began";
            return ItemError.Of(ItemErrorCode.Timeout, $"The time limit of {timeout.TotalSeconds:0.###} s passed {state}.");
        }

        if (exception is InvalidDataException)
        {
            return ItemError.Of(
                ItemErrorCode.Decode,
                $"The body could not be decompressed after {bodyBytes} bytes: {DecodeCause(exception)}");
        }

        if (exception is FramingException)
        {
            return ItemError.Of(ItemErrorCode.BodyIncomplete, exception.Message);
        }

        var innermost = ChainOf(exception).Last();
        if (innermost is TargetRefusedException)
        {
            return ItemError.Of(ItemErrorCode.TargetRefused, innermost.Message);
        }

        if (innermost is TlsRefusedException)
        {
            return ItemError.Of(ItemErrorCode.Tls, innermost.Message);
        }

        string cause = innermost.Message;
        if (ChainOf(exception).Any(e => e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }))
        {
            return ItemError.Of(
                ItemErrorCode.HeadersTooLarge,
                $"The headers of the response are larger than {SenderHttp.MaxHeaderKilobytes} KiB.");
        }

        if (bodyBytes is { } bytes)
        {
            return ItemError.Of(ItemErrorCode.BodyIncomplete, $"The connection ended after {bytes} bytes, before the body did: {cause}");
        }

        return (exception as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => ItemError.Of(ItemErrorCode.Dns, $"The target's name could not be resolved: {cause}"),

            // A connection that breaks off during the handshake is a broken connection; everything else is a TLS failure.
            HttpRequestError.SecureConnectionError when !IsBrokenOff(exception) =>
                ItemError.Of(ItemErrorCode.Tls, $"The TLS handshake failed: {cause}"),
            HttpRequestError.SecureConnectionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError =>
                ItemError.Of(ItemErrorCode.Connect, $"No connection could be made: {cause}"),
            _ => ItemError.Of(ItemErrorCode.NoResponse, $"There was no response: {cause}"),
        };
    }

    /// <summary>An exception and what caused it.</summary>
    public static IEnumerable<Exception> ChainOf(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }

    static bool IsBrokenOff(Exception exception) => exception.InnerException is IOException or System.Net.Sockets.SocketException;

    // .NET uses the same decoder for zip files, and its messages speak of their entries.
    static string DecodeCause(Exception exception) =>
        exception.Message.Contains("archive entry", StringComparison.Ordinal) ? "its compressed data is not valid." : exception.Message;
}
