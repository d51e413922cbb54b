using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Intake;

namespace Rollcall.Api;

/// <summary>
/// Reads a batch request as lines: one item a line in the body, which is read as it comes, the target and the options in the query, and the
/// target's headers in headers of the request.
/// </summary>
static class LinesRequest
{
    const string HeaderPrefix = "X-Rollcall-Header-";
    const string SecretPrefix = "X-Rollcall-Secret-";
    const string Allowed = "id, to, lines, concurrency, ratePerSecond, timeoutSeconds, maxBodyBytes, maxAttempts, firstDelaySeconds and maxDelaySeconds";

    /// <summary>Reads a request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The batch, valid but for its lines.</returns>
    /// <exception cref="InvalidInputException">The query or a header is not allowed, with a sentence that says why.</exception>
    public static BatchRequest Parse(HttpRequest request)
    {
        string? id = null;
        string? url = null;
        var format = LineFormat.Payload;
        var options = new BatchOptions();
        foreach (var (name, values) in request.Query)
        {
            string value = values is [{ } one] ? one : throw Invalid($"'{name}' is given more than once.");
            switch (name)
            {
                case "id": id = BatchManifest.IsValidId(value) ? value : throw Invalid($"The id '{value}' is not allowed: 1 to {BatchManifest.MaxIdLength} of A-Z a-z 0-9 - _ are."); break;
                case "to": url = value; break;
                case "lines": format = LineFormats.Parse(value) ?? throw Invalid($"lines is '{value}': {LineFormats.Allowed} are allowed."); break;
                case "concurrency": options.Concurrency = Number<int>(name, value); break;
                case "ratePerSecond": options.RatePerSecond = Number<double>(name, value); break;
                case "timeoutSeconds": options.TimeoutSeconds = Number<double>(name, value); break;
                case "maxBodyBytes": options.MaxBodyBytes = Number<long>(name, value); break;
                case "maxAttempts": options.Retry.MaxAttempts = Number<int>(name, value); break;
                case "firstDelaySeconds": options.Retry.FirstDelaySeconds = Number<double>(name, value); break;
                case "maxDelaySeconds": options.Retry.MaxDelaySeconds = Number<double>(name, value); break;
                case "code" or "clientId": break; // The Functions host's own: the key, and its name.
                default: throw Invalid($"The query has the unknown parameter '{name}': {Allowed} are allowed.");
            }
        }

        if (url is null)
        {
            throw Invalid("The query has no 'to', the URL to send to.");
        }

        return (BatchTarget.FindUrlError(url) ?? options.FindError()) is { } error
            ? throw Invalid(error)
            : new BatchRequest(id, new BatchTarget(url, ReadHeaders(request)), options, JsonLines.ReadAsync(request.Body, format, request.HttpContext.RequestAborted));
    }

    static Dictionary<string, TargetHeader> ReadHeaders(HttpRequest request)
    {
        var headers = new Dictionary<string, TargetHeader>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers)
        {
            bool isSecret = name.StartsWith(SecretPrefix, StringComparison.OrdinalIgnoreCase);
            if (!isSecret && !name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            string target = name[(isSecret ? SecretPrefix : HeaderPrefix).Length..];
            string value = values.ToString();
            if (BatchTarget.FindHeaderError(target, value) is { } error)
            {
                throw Invalid(error);
            }

            if (!headers.TryAdd(target, isSecret ? new TargetHeader { Secret = value } : new TargetHeader { Value = value }))
            {
                throw Invalid($"The header '{target}' is given both as a value and as a secret.");
            }
        }

        return headers;
    }

    static T Number<T>(string name, string value)
        where T : IParsable<T> =>
        T.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid($"{name} is '{value}', which is not a number that it can be.");

    static InvalidInputException Invalid(string message) => new(message, [], 0);
}
