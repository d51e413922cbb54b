namespace Rollcall.Api.Grants;

/// <summary>A secret, and the origins that it may be sent to.</summary>
sealed class OriginSecret
{
    const string Anywhere = "*";

    readonly string value;
    readonly HashSet<string> origins;

    OriginSecret(string value, HashSet<string> origins)
    {
        this.value = value;
        this.origins = origins;
    }

    /// <summary>Whether there is no origin that it may be sent to.</summary>
    public bool IsUnbound => origins.Count == 0;

    /// <summary>Reads the origins of a secret.</summary>
    /// <param name="setting">The setting that has the origins, for messages.</param>
    /// <param name="text">Origins such as <c>https://api.example.com</c>, separated by commas, or <c>*</c> for all.</param>
    /// <exception cref="InvalidOperationException">One is not an origin. The message contains nothing of the secret.</exception>
    public static OriginSecret Parse(string value, string setting, string? text)
    {
        var origins = new HashSet<string>(StringComparer.Ordinal);
        foreach (string origin in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (origin == Anywhere)
            {
                origins.Add(Anywhere);
            }
            else if (Uri.TryCreate(origin, UriKind.Absolute, out var url) && IsOrigin(url))
            {
                origins.Add(OriginOf(url));
            }
            else
            {
                throw new InvalidOperationException(
                    $"{setting} has '{origin}': an origin such as https://api.example.com or http://10.1.2.3:8080 is needed, with no "
                    + "path, or * for every origin.");
            }
        }

        return new OriginSecret(value, origins);
    }

    /// <summary>The secret if it may be sent to a URL; otherwise null.</summary>
    public string? For(Uri url) => origins.Contains(Anywhere) || origins.Contains(OriginOf(url)) ? value : null;

    static bool IsOrigin(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.UserInfo.Length == 0 && url.AbsolutePath == "/" && url.Query.Length == 0 && url.Fragment.Length == 0;

    // RFC 6454, section 4: scheme, host and port. A Uri has the first two in lower case, and the scheme's default port if none is given.
    static string OriginOf(Uri url) => $"{url.Scheme}://{url.IdnHost}:{url.Port}";
}
