using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Rollcall.Batches;
using Rollcall.Credentials;
using Rollcall.Items;
using Rollcall.Sending;

namespace Rollcall.Notices;

/// <summary>POSTs a notice once. Whatever the receiver does is returned, never thrown.</summary>
/// <param name="client">The HTTP client that items are sent with: it follows no redirects, and checks addresses if the host does.</param>
/// <param name="keys">Finds the signing key.</param>
sealed class WebhookSender(HttpClient client, SecretLookup keys, TimeProvider time)
{
    // Enough for a receiver to say what is wrong.
    const int MaxResponseBytes = 500;

    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public async Task<SentNotice> SendAsync(CompletionWebhook webhook, Notice notice)
    {
        if (!TryFindKey(webhook, out byte[]? key, out string? secretError))
        {
            return new SentNotice(Error: secretError, IsFinal: true);
        }

        using var deadline = new CancellationTokenSource(Timeout, time);
        using var request = CreateRequest(webhook, notice, key);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);

            // The status is all that is needed. The connection may drop or read the rest of the response, whichever is less work.
            return response.IsSuccessStatusCode ? new SentNotice((int)response.StatusCode) : await RefuseAsync(response, deadline.Token);
        }
        catch (Exception exception) when (ItemFailure.IsFromTarget(exception))
        {
            var error = ItemFailure.Of(exception, Timeout, bodyBytes: null, deadline.Token);
            return new SentNotice(Error: error.Message, IsFinal: error.Code == ItemErrorCode.TargetRefused);
        }
    }

    bool TryFindKey(CompletionWebhook webhook, out byte[]? key, out string? error)
    {
        (key, error) = (null, null);
        if (webhook.Secret is not { } name)
        {
            return true;
        }

        if (keys(name, new Uri(webhook.Url)) is not { } secret)
        {
            error = $"The process that sends has no webhook key '{name}' that may sign for the webhook's URL.";
            return false;
        }

        key = WebhookSignature.FindKey(secret);
        error = key is null
            ? $"The webhook key '{name}' cannot sign the notice: it must be '{WebhookSignature.SecretPrefix}' and 24 to 64 bytes in base64."
            : null;
        return key is not null;
    }

    HttpRequestMessage CreateRequest(CompletionWebhook webhook, Notice notice, byte[]? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new ReadOnlyMemoryContent(notice.Body),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        long timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.Add("webhook-id", notice.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        if (key is not null)
        {
            request.Headers.Add("webhook-signature", WebhookSignature.Sign(key, notice.Id, timestamp, notice.Body.Span));
        }

        request.Headers.TryAddWithoutValidation("User-Agent", ProductVersion.UserAgent);
        return request;
    }

    async Task<SentNotice> RefuseAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        string meaning = (int)response.StatusCode switch
        {
            (int)HttpStatusCode.Gone => ", which asks for no further notice",
            >= 300 and < 400 => ", a redirect, which is not followed: the webhook's URL must be the one that answers",
            _ => "",
        };
        string text = await ReadStartAsync(response, cancellationToken);
        return new SentNotice(
            (int)response.StatusCode,
            $"The webhook answered {status}{meaning}{(text.Length > 0 ? $": {text}" : ".")}",
            IsFinal: response.StatusCode == HttpStatusCode.Gone,
            RetryAfterHeader.Read(response, time.GetUtcNow()));
    }

    // The text is for people. If it breaks off, or is not text, the status still counts.
    static async Task<string> ReadStartAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxResponseBytes];
        int length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            int read;
            do
            {
                read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                length += read;
            }
            while (read > 0 && length < buffer.Length);
        }
        catch (Exception exception) when (ItemFailure.IsFromBody(exception))
        {
            return $"{Encoding.UTF8.GetString(buffer, 0, length)} (the response broke off)";
        }

        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}

/// <summary>The result of one attempt.</summary>
/// <param name="HttpStatus">The status of the response, if there was one.</param>
/// <param name="Error">Why it failed; null if it succeeded.</param>
/// <param name="IsFinal">Whether another attempt would be useless.</param>
/// <param name="Asked">The wait that the receiver asked for.</param>
sealed record SentNotice(int? HttpStatus = null, string? Error = null, bool IsFinal = false, TimeSpan? Asked = null);
