namespace Rollcall.Sending;

/// <summary>The alert by which a target refused a TLS connection (RFC 8446, section 6).</summary>
static class TlsAlert
{
    const int HandshakeFailure = 40;

    // Where OpenSSL has alerts among the reasons of its errors (SSL_AD_REASON_OFFSET); all libraries' reasons are in the lower 12 bits.
    const int FirstReason = 1000;
    const int LastReason = FirstReason + byte.MaxValue;
    const int Reason = 0xFFF;

    static readonly Dictionary<int, string> OfClientCertificates = new()
    {
        [41] = "no_certificate",
        [42] = "bad_certificate",
        [43] = "unsupported_certificate",
        [44] = "certificate_revoked",
        [45] = "certificate_expired",
        [46] = "certificate_unknown",
        [48] = "unknown_ca",
        [49] = "access_denied",
        [116] = "certificate_required",
    };

    /// <summary>Finds an alert that is about the client's certificate: servers send these for no other reason.</summary>
    /// <returns>Its name; null if there is none.</returns>
    public static string? FindOfClientCertificate(IEnumerable<Exception> chain) =>
        chain.Select(exception => OfClientCertificates.GetValueOrDefault(NumberOf(exception))).FirstOrDefault(name => name is not null);

    /// <summary>
    /// Whether there is the alert that can be about anything, and in TLS 1.2 also about a client certificate that is missing.
    /// </summary>
    public static bool IsHandshakeFailure(IEnumerable<Exception> chain) =>
        chain.Any(exception => NumberOf(exception) == HandshakeFailure);

    // .NET gives the number as that of OpenSSL's error, in an exception whose type is not public.
    static int NumberOf(Exception exception) =>
        exception.GetType().Name == "OpenSslCryptographicException"
            && (exception.HResult & Reason) is >= FirstReason and <= LastReason and var reason
            ? reason - FirstReason
            : 0;
}
