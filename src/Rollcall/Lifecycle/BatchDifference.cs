using System.Globalization;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Serialization;
using Rollcall.Validation;

namespace Rollcall.Lifecycle;

/// <summary>Says how a request differs from the existing batch with its id.</summary>
static class BatchDifference
{
    /// <summary>Compares a batch with a request.</summary>
    /// <param name="contentSha256">The hash of the request's items: see <see cref="BatchManifest.ContentSha256"/>.</param>
    /// <param name="itemCount">The number of items in the request.</param>
    /// <returns>
    /// All differences, each with the field's JSON Pointer and both values. Values of headers and of notice recipients, which no status
    /// shows, are left out, and so are the queries of URLs. Empty if the request is for the same batch.
    /// </returns>
    public static IReadOnlyList<InputError> Find(BatchManifest batch, BatchRequest request, string contentSha256, long itemCount) =>
    [
        .. Url("/target/url", batch.Target.Url, request.Target.Url),
        .. Value("/target/method", batch.Target.Method ?? "POST", request.Target.Method ?? "POST"),
        .. Hidden("/target", PartsOf(batch.Target), PartsOf(request.Target)),
        .. Hidden("/target/auth", batch.Target.Auth?.ToString(), request.Target.Auth?.ToString()),
        .. Headers(batch.Target.Headers, request.Target.Headers),
        .. Items(batch, contentSha256, itemCount),
        .. OptionField.All.SelectMany(option => Value(option.Pointer, option.TextOf(batch.Options), option.TextOf(request.Options))),
        .. Value("/startAt", TextOf(batch.StartAt), TextOf(request.StartAt)),
        .. Hidden("/onCompleted/webhook/url", batch.OnCompleted?.Webhook?.Url, request.OnCompleted?.Webhook?.Url),
        .. Hidden("/onCompleted/webhook/secret", batch.OnCompleted?.Webhook?.Secret, request.OnCompleted?.Webhook?.Secret),
        .. Hidden("/onCompleted/queue", batch.OnCompleted?.Queue, request.OnCompleted?.Queue),
    ];

    // Templates may have anything in them, so they are not shown.
    static string PartsOf(BatchTarget target) =>
        JsonSerializer.Serialize(
            new BatchTarget("", new Dictionary<string, TargetHeader>())
            {
                HasBody = target.HasBody,
                Template = target.Template,
                Tls = target.Tls,
            },
            BatchesJson.Compact.BatchTarget);

    static IEnumerable<InputError> Value(string pointer, string? batch, string? request)
    {
        if (batch != request)
        {
            bool isShort = (batch?.Length ?? 0) <= ShortText.MaxLength && (request?.Length ?? 0) <= ShortText.MaxLength;
            yield return InputError.AtField(
                pointer,
                isShort ? $"is {batch ?? "none"} in the batch, {request ?? "none"} in the request." : "differs.");
        }
    }

    static IEnumerable<InputError> Url(string pointer, string batch, string request) =>
        ShownUrl.Of(batch) is var one && ShownUrl.Of(request) is var other && one != other
            ? Value(pointer, one.Length == 0 ? null : one, other.Length == 0 ? null : other)
            : Hidden(pointer, batch, request);

    static IEnumerable<InputError> Hidden(string pointer, string? batch, string? request)
    {
        if (batch != request)
        {
            yield return InputError.AtField(pointer, "differs.");
        }
    }

    // RFC 9110, section 5.1: names are case-insensitive; section 5.3: the order of names has no meaning.
    static IEnumerable<InputError> Headers(
        IReadOnlyDictionary<string, TargetHeader> batch, IReadOnlyDictionary<string, TargetHeader> request)
    {
        var theirs = new Dictionary<string, TargetHeader>(request, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, header) in batch)
        {
            if (!theirs.Remove(name, out var other))
            {
                yield return Header(name, "is in the batch only.");
            }
            else if (header != other)
            {
                yield return Header(name, "differs.");
            }
        }

        foreach (string name in theirs.Keys)
        {
            yield return Header(name, "is in the request only.");
        }
    }

    static InputError Header(string name, string difference) => InputError.AtField(JsonPointer.Append("/target/headers", name), difference);

    static IEnumerable<InputError> Items(BatchManifest batch, string contentSha256, long itemCount)
    {
        if (batch.ContentSha256 != contentSha256)
        {
            yield return InputError.AtField("/items", batch.ItemCount == itemCount
                ? "differ."
                : string.Create(CultureInfo.InvariantCulture, $"are {batch.ItemCount} in the batch, {itemCount} in the request."));
        }
    }

    static string? TextOf(DateTimeOffset? time) => time is { } known ? Rfc3339.Of(known) : null;
}
