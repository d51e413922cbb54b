using System.Globalization;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Serialization;

namespace Rollcall.Cli.Client;

/// <summary>What a server is asked to send, without the lines themselves.</summary>
sealed record BatchSubmission
{
    public const string HeaderPrefix = "X-Rollcall-Header-";
    public const string SecretPrefix = "X-Rollcall-Secret-";

    /// <summary>The batch's id.</summary>
    public required string Id { get; init; }

    /// <summary>The URL that the items go to.</summary>
    public required string Url { get; init; }

    /// <summary>Headers for the target, by name. The server stores their values with the batch.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Headers for the target whose values are the server's secrets, by name.</summary>
    public required IReadOnlyDictionary<string, string> SecretHeaders { get; init; }

    /// <summary>What a line is.</summary>
    public LineFormat Format { get; init; }

    /// <summary>How the items are sent.</summary>
    public required BatchOptions Options { get; init; }

    /// <summary>When the first item may be sent; null for now.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Who is notified when the batch is sealed; null for nobody.</summary>
    public OnCompleted? OnCompleted { get; init; }

    /// <summary>The query of the request, such as <c>?id=…&amp;to=…</c>.</summary>
    /// <param name="parts">How many parts of the input were uploaded before; 0 if the request contains the input itself.</param>
    public string ToQuery(int parts = 0)
    {
        var parameters = new List<(string Name, string? Value)>
        {
            ("id", Id),
            ("to", Url),
            ("lines", KebabCase.Of(Format)),
            ("concurrency", Options.Concurrency.ToString(CultureInfo.InvariantCulture)),
            ("timeoutSeconds", Options.TimeoutSeconds.ToString(CultureInfo.InvariantCulture)),
            ("maxBodyBytes", Options.MaxBodyBytes.ToString(CultureInfo.InvariantCulture)),
            ("followRedirects", Options.FollowRedirects ? "true" : "false"),
            ("keepAlive", Options.KeepAlive ? "true" : "false"),
            ("maxAttempts", Options.Retry.MaxAttempts.ToString(CultureInfo.InvariantCulture)),
            ("retryOnTimeout", Options.Retry.OnTimeout ? "true" : "false"),
            ("ratePerSecond", Options.RatePerSecond?.ToString(CultureInfo.InvariantCulture)),
            ("deadlineSeconds", Options.DeadlineSeconds?.ToString(CultureInfo.InvariantCulture)),
            ("maxFailedItems", Options.MaxFailedItems?.ToString(CultureInfo.InvariantCulture)),
            ("maxFailedPercent", Options.MaxFailedPercent?.ToString(CultureInfo.InvariantCulture)),
            ("startAt", StartAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)),
            ("webhook", OnCompleted?.Webhook?.Url),
            ("webhookSecret", OnCompleted?.Webhook?.Secret),
            ("notifyQueue", OnCompleted?.Queue),
            ("inputParts", parts > 0 ? parts.ToString(CultureInfo.InvariantCulture) : null),
        };
        return "?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
    }

    /// <summary>The request headers that carry the headers for the target.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToHeaders() =>
        Headers.Select(h => KeyValuePair.Create(HeaderPrefix + h.Key, h.Value))
            .Concat(SecretHeaders.Select(h => KeyValuePair.Create(SecretPrefix + h.Key, h.Value)));
}
