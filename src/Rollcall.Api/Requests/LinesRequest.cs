using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Rollcall.Api.Grants;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Storage;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>
/// Reads a batch request whose body is the input, which is read as it arrives. The target and the options are in the query, and the
/// target's headers in headers of the request.
/// </summary>
sealed class LinesRequest
{
    const string Webhook = "webhook";
    const string WebhookSecret = "webhookSecret";

    // As many requests as there may be at once may each have such a copy.
    const long MaxCopyBytes = 256 * 1024 * 1024;

    readonly InputErrorList errors = new();
    readonly BatchOptions options = new();
    readonly InputFields input = new();
    readonly TargetParts target = new();
    readonly Dictionary<string, Func<string, string?>> parameters;
    string? id;
    string? url;
    DateTimeOffset? startAt;
    string? webhook;
    string? webhookSecret;
    string? queue;
    int parts;

    LinesRequest(TimeProvider time, RequestGrants grants)
    {
        parameters = new()
        {
            ["to"] = value => RequestTarget.Refusal(RequestTarget.FindUrlError(url = value)),
            ["method"] = target.ReadMethod,
            ["id"] = value => BatchManifest.IsValidId(id = value) ? null : $"is '{ShortText.Of(value)}': {BatchManifest.IdNeeded}.",
            [UploadedInput.PartsParameter] = ReadParts,
            ["startAt"] = value => StartTime.Read(value, time.GetUtcNow(), out startAt),
            [Webhook] = value => RequestTarget.Refusal(BatchTarget.FindUrlError(webhook = value)),
            [WebhookSecret] = value => SecretName.FindError(webhookSecret = value),
            ["notifyQueue"] = value => grants.Storage is { } storage ? ReadQueue(value, storage.Queues) : NoticeNames.NoQueues,
        };
        foreach (string name in InputFields.Names)
        {
            parameters.Add(name, value => input.Read(name, value));
        }

        foreach (var option in OptionField.All)
        {
            parameters.Add(option.Parameter, value => option.Read(value, options));
        }
    }

    /// <summary>Reads a request.</summary>
    /// <param name="time">The clock, to check a start time.</param>
    /// <param name="grants">The host's resources that may be named.</param>
    /// <returns>The batch, valid except for its lines, which are not read yet.</returns>
    /// <exception cref="InvalidInputException">The query or a header is invalid. The exception has all errors.</exception>
    public static BatchRequest Parse(HttpRequest request, TimeProvider time, RequestGrants grants, IUploads uploads)
    {
        var lines = new LinesRequest(time, grants);
        lines.ReadQuery(request.Query);
        var options = lines.input.Options;
        options = options with { Format = options.Format ?? InputMediaTypes.Find(request.ContentType) };
        if (!request.Query.ContainsKey("to") && !InputFormats.HasUrls(options.Format))
        {
            lines.errors.Add(InputError.AtParameter("to", "is missing: the http or https URL to send to is needed."));
        }

        var headers = LinesHeaders.Read(request.Headers, lines.errors, lines.target, grants, lines.url ?? "");
        lines.CheckKey(grants);
        lines.errors.ThrowIfAny();
        var target = lines.target.ToTarget(lines.url ?? "", headers);
        if (TargetParts.FindError(target) is { } error)
        {
            throw new InvalidInputException(InputError.AtParameter("to", RequestTarget.Refusal(error)!));
        }

        var items = InputReader.ReadAsync(
            lines.ToSource(request, uploads), options, RequestRule.Of(target, grants), request.HttpContext.RequestAborted);
        return new BatchRequest(
            lines.id,
            target,
            lines.options,
            items,
            lines.startAt,
            lines.FindNotices())
        {
            IsFromQuery = true,
        };
    }

    // Parts can be read again. A body cannot.
    InputSource ToSource(HttpRequest request, IUploads uploads) => parts > 0
        ? new InputSource(OpenParts(request, uploads)) { Reopen = _ => Task.FromResult<Stream>(OpenParts(request, uploads)) }
        : new InputSource(request.Body) { MaxCopyBytes = MaxCopyBytes };

    UploadedInput OpenParts(HttpRequest request, IUploads uploads) => new UploadedInput(request.Body, uploads, id!, parts);

    void ReadQuery(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (QueryNames.IsOfHost(name))
            {
                continue;
            }

            if (ReadParameter(name, values) is { } error)
            {
                errors.Add(InputError.AtParameter(ShortText.Of(name), error));
            }
        }

        if (parts > 0 && !query.ContainsKey("id"))
        {
            errors.Add(InputError.AtParameter("id", "is missing: the id that the parts of the input were sent for is needed."));
        }

        if (query.ContainsKey(WebhookSecret) && !query.ContainsKey(Webhook))
        {
            errors.Add(InputError.AtParameter(WebhookSecret, $"names the secret that signs for '{Webhook}', and there is none."));
        }
    }

    void CheckKey(RequestGrants grants)
    {
        if (webhook is not null && grants.FindKeyError(webhookSecret, webhook) is { } error)
        {
            errors.Add(InputError.AtParameter(WebhookSecret, error));
        }
    }

    string? ReadParameter(string name, StringValues values)
    {
        if (!parameters.TryGetValue(name, out var read))
        {
            return NearName.Describe(name, [.. parameters.Keys]);
        }

        return values is [{ } value] ? read(value) : "is given more than once.";
    }

    string? ReadQueue(string value, AllowedNames queues) => StorageNames.IsName(queue = value)
        ? queues.FindRefusal(value)
        : NoticeNames.Refusal(value, NoticeNames.QueueNeeded);

    string? ReadParts(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out parts) && parts is >= 1 and <= UploadedInput.MaxParts
            ? null
            : $"is '{ShortText.Of(value)}': a whole number from 1 to {UploadedInput.MaxParts} is needed.";

    OnCompleted? FindNotices()
    {
        var called = webhook is null ? null : new CompletionWebhook(webhook, webhookSecret);
        return called is null && queue is null ? null : new OnCompleted { Webhook = called, Queue = queue };
    }
}
