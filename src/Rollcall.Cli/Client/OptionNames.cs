using Rollcall.Api.Requests;
using Rollcall.Batches;
using Rollcall.Validation;

namespace Rollcall.Cli.Client;

/// <summary>Translates the API's names of options and fields into the command line's.</summary>
static class OptionNames
{
    static readonly Dictionary<string, string> OfBatch = new(StringComparer.Ordinal)
    {
        ["concurrency"] = "--concurrency",
        ["ratePerSecond"] = "--rate",
        ["timeoutSeconds"] = "--timeout",
        ["maxBodyBytes"] = "--max-body-bytes",
        ["followRedirects"] = "--follow-redirects",
        ["maxFailedItems"] = "--max-failed",
        ["maxFailedPercent"] = "--max-failed-percent",
        ["deadlineSeconds"] = "--deadline",
        ["retry.maxAttempts"] = "--max-attempts",
        ["retry.maxWaitSeconds"] = "--max-wait",
        ["retry.onTimeout"] = "--no-retry-timeouts",
        ["keepAlive"] = "--no-keep-alive",
        ["verdict.success"] = "--success",
        ["verdict.failIf"] = "--fail-if",
        ["verdict.succeedIf"] = "--succeed-if",
        ["verdict.retryIf"] = "--retry-if",
        ["record.extract"] = "--extract",
        ["record.keepHeaders"] = "--keep-header",
        ["record.jsonBody"] = "--json-body",
        ["record.withInput"] = "--with-input",
        ["pauseOnRefusal"] = "--no-pause-on-refusal",
    };

    static readonly Dictionary<string, string> Places = CreatePlaces();

    /// <summary>The name of a batch's option; the API's name if the command line has none.</summary>
    public static string Of(OptionField field) => OfBatch.GetValueOrDefault(field.Name, field.Name);

    /// <summary>An error from a server, with the place named as in the command line.</summary>
    public static string Describe(InputError error) =>
        error.Line is null && Find(error.Field ?? error.Parameter ?? error.Header ?? "") is { } name
            ? $"{name} {error.Message}"
            : error.ToString();

    /// <summary>A server's message, whose first word may be the name of a parameter.</summary>
    public static string Describe(string sentence)
    {
        int space = sentence.IndexOf(' ', StringComparison.Ordinal);
        bool isOfParameter = space > 0 && sentence.AsSpan(space).StartsWith(" is ", StringComparison.Ordinal);
        return isOfParameter && Find(sentence[..space]) is { } name ? name + sentence[space..] : sentence;
    }

    static string? Find(string place) =>
        Places.TryGetValue(place, out string? name) ? name
        : OfHeader(place, "/target/headers/")
            ?? OfHeader(place, LinesHeaders.ValuePrefix)
            ?? OfHeader(place, LinesHeaders.SecretPrefix);

    static string? OfHeader(string place, string prefix) =>
        place.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? $"the header '{place[prefix.Length..]}'" : null;

    static Dictionary<string, string> CreatePlaces()
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["to"] = "--to",
            ["id"] = "--batch-id",
            ["input"] = "--input",
            ["csvTypes"] = "--csv-types",
            ["itemId"] = "--id",
            ["allowDuplicateIds"] = "--allow-duplicate-ids",
            ["startAt"] = "--start-at",
            ["webhook"] = "--webhook",
            ["webhookSecret"] = "--webhook-secret",
            ["notifyQueue"] = "--notify-queue",
            ["status"] = "--status",
            ["since"] = "--since",
            ["until"] = "--until",
            ["limit"] = "--limit",
            ["from"] = "--from",
            ["run"] = "--run",
            ["format"] = "--format",
            ["errorCode"] = "the error code",
            ["/target/url"] = "--to",
            ["/items"] = "the items",
            ["/startAt"] = "--start-at",
            ["/onCompleted/webhook/url"] = "--webhook",
            ["/onCompleted/webhook/secret"] = "--webhook-secret",
            ["/onCompleted/queue"] = "--notify-queue",
        };
        foreach (var field in OptionField.All)
        {
            // As named in a start with lines, in a start that differs from its batch, and in a change.
            foreach (string place in new[] { field.Parameter, field.Pointer, "/" + field.Name })
            {
                places[place] = Of(field);
            }
        }

        return places;
    }
}
