using System.Globalization;
using Rollcall.Api.Requests;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Serialization;

namespace Rollcall.Cli.Client;

/// <summary>What a server is asked to send, without the lines themselves.</summary>
sealed record BatchSubmission
{
    /// <summary>The batch's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where the items go, and as what requests, without <see cref="Headers"/>.</summary>
    public required BatchTarget Request { get; init; }

    /// <summary>Headers for the target, by name. The server stores their values with the batch.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Headers for the target whose values are the server's secrets, by name.</summary>
    public required IReadOnlyDictionary<string, string> SecretHeaders { get; init; }

    /// <summary>What decides which items the input has.</summary>
    public InputOptions Items { get; init; } = new();

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
        (string Name, string? Value)[] parameters =
        [
            ("id", Id),
            ("to", Request.Url.Length == 0 ? null : Request.Url),
            ("method", Request.Method),
            (InputFields.Format, KebabCase.Of(Items.Format ?? InputFormat.Lines)),
            (InputFields.CsvTypes, Items.CsvTypes == default ? null : KebabCase.Of(Items.CsvTypes)),
            (InputFields.ItemId, Items.Id),
            (InputFields.AllowDuplicateIds, Items.AllowDuplicateIds ? "true" : null),
            (InputFields.Limit, Items.Limit?.ToString(CultureInfo.InvariantCulture)),
            .. OptionField.All.Select(option => (option.Parameter, option.FindText(Options))),
            ("startAt", StartAt is { } start ? Rfc3339.Of(start) : null),
            ("webhook", OnCompleted?.Webhook?.Url),
            ("webhookSecret", OnCompleted?.Webhook?.Secret),
            ("notifyQueue", OnCompleted?.Queue),
            (UploadedInput.PartsParameter, parts > 0 ? parts.ToString(CultureInfo.InvariantCulture) : null),
        ];
        return "?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
    }

    /// <summary>The request headers that carry the headers for the target.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToHeaders() =>
        Headers.Select(h => KeyValuePair.Create(LinesHeaders.ValuePrefix + h.Key, h.Value))
            .Concat(SecretHeaders.Select(h => KeyValuePair.Create(LinesHeaders.SecretPrefix + h.Key, h.Value)))
            .Concat(LinesHeaders.WriteParts(Request) is { } parts ? [KeyValuePair.Create(LinesHeaders.Request, parts)] : []);
}
