using System.Net;
using System.Net.Http.Headers;
using Rollcall.Credentials;

namespace Rollcall.Sending;

/// <summary>Makes the HTTP requests of items.</summary>
/// <param name="secrets">Finds the values of secret headers.</param>
sealed class ItemRequest(SecretLookup secrets)
{
    /// <summary>
    /// The payload size, in bytes, from which <c>Expect: 100-continue</c> asks the target whether it accepts the payload.
    /// </summary>
    public const int LargePayload = 1024 * 1024;

    const string Authorization = "Authorization";

    /// <summary>Makes the request of one hop.</summary>
    /// <param name="hop">Where it goes: the batch's target, or where that redirects to.</param>
    /// <param name="token">The bearer token; null if there is none.</param>
    /// <param name="asksFirst">Whether a target may be asked ahead of a large payload.</param>
    public HttpRequestMessage Create(Hop hop, Posting posting, string? token, bool asksFirst)
    {
        var request = new HttpRequestMessage(hop.Method, hop.Url)
        {
            // HTTP/2 if TLS negotiates it, and HTTP/1.1 otherwise.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (hop.HasPayload)
        {
            request.Content = new ReadOnlyMemoryContent(posting.Item.Payload);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Headers.TryAddWithoutValidation("Idempotency-Key", posting.Key);
        var own = posting.Item.Head?.Headers;
        foreach (var (name, header) in posting.Batch.Target.Headers)
        {
            if (own?.Keys.Contains(name, StringComparer.OrdinalIgnoreCase) != true
                && hop.MayHave(name, header.Secret is not null)
                && (header.Value ?? secrets(header.Secret!, hop.Url)) is { } value)
            {
                Add(request, name, value);
            }
        }

        foreach (var (name, value) in own ?? new Dictionary<string, string>())
        {
            if (hop.MayHave(name, isSecret: false))
            {
                Add(request, name, value);
            }
        }

        if (token is not null && hop.MayHave(Authorization, isSecret: true))
        {
            Add(request, Authorization, $"Bearer {token}");
        }

        if (asksFirst && hop.HasPayload && posting.Item.Payload.Length >= LargePayload && !request.Headers.Contains("Expect"))
        {
            request.Headers.ExpectContinue = true;
        }

        OriginChoice.Mark(request, hop.IsElsewhere);
        TransportChoice.Mark(request, posting.Batch.Target.Tls);
        if (!posting.Batch.Options.KeepAlive)
        {
            request.Version = HttpVersion.Version11;
            request.Headers.ConnectionClose = true;
        }

        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", ProductVersion.UserAgent);
        }

        if (!request.Headers.Contains("Accept-Encoding"))
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", ContentCodings.Accepted);
        }

        return request;
    }

    static void Add(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content is { } content)
        {
            content.Headers.Remove(name);
            content.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
