using System.Text;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Templates;

/// <summary>Makes the request of each item from a batch's target and the item's fields.</summary>
public sealed class RequestTemplate
{
    /// <summary>What is wrong with an item that has no URL, nor has its target.</summary>
    public const string NoUrl = "has no URL, and there is no --to (target.url) to send it to.";

    const string JsonType = "application/json";

    // RFC 9110, section 9.3: a body has no meaning in these unless a target gives it one.
    static readonly string[] WithoutBody = ["GET", "HEAD", "DELETE", "OPTIONS"];

    // RFC 9110, section 9.3.6 and 9.3.8: these are for proxies and for loops, not for an item.
    static readonly string[] Refused = ["CONNECT", "TRACE"];

    readonly BatchTarget target;
    readonly TextTemplate url;
    readonly IReadOnlyList<(string Name, TextTemplate Value)> query;
    readonly IReadOnlyList<(string Name, TextTemplate Value)> headers;
    readonly TextTemplate? body;
    readonly FormTemplate? form;
    readonly bool isJson;

    RequestTemplate(BatchTarget target, Func<string, byte[]>? readFile)
    {
        this.target = target;
        var parts = target.Template ?? new TargetTemplate();
        string type = parts.ContentType ?? JsonType;
        isJson = IsJson(type);
        url = Parse("URL", target.Url, TemplatePlace.Url);
        query = [.. parts.Query.Select(part => (part.Name, Parse("query", part.Value, TemplatePlace.Text)))];
        headers = [.. parts.Headers.Select(part => (part.Name, Parse("headers", part.Value, TemplatePlace.Text)))];
        body = parts.Body is null ? null : Parse("body", parts.Body, isJson ? TemplatePlace.Json : TemplatePlace.Text);
        form = parts.Form.Count == 0 ? null : new FormTemplate(parts.Form, readFile);
        HeadMatters = TextTemplate.IsOne(target.Url) || query.Count > 0 || headers.Count > 0;
    }

    // Whether the target's parts make something of an item beside its payload.
    bool HeadMatters { get; }

    /// <summary>Says what is wrong with a method.</summary>
    /// <returns>The rest of a sentence whose subject is the method; null if it can be used.</returns>
    public static string? FindMethodError(string method) =>
        method.Length is 0 or > 32 || !method.All(char.IsAsciiLetterUpper)
            ? $"is '{ShortText.Of(method)}': a method in capitals such as GET, POST, PUT, PATCH or DELETE is needed."
            : Refused.Contains(method) ? $"is {method}, which cannot be sent for an item." : null;

    /// <summary>Whether requests with a method have a body if nothing says so.</summary>
    public static bool HasBody(string method) => !WithoutBody.Contains(method);

    /// <summary>Reads the templates of a target.</summary>
    /// <param name="readFile">Reads a file that a form sends; null if no file may be read.</param>
    /// <exception cref="TemplateException">One cannot be read. The message names it.</exception>
    public static RequestTemplate Of(BatchTarget target, Func<string, byte[]>? readFile = null) => new(target, readFile);

    /// <summary>Makes an item's request.</summary>
    /// <param name="read">The item as it was read. Its payload has the fields.</param>
    /// <param name="made">The item with its payload and head as they are to be sent.</param>
    /// <returns>What is wrong, as the rest of a sentence whose subject is the item's line; null if nothing is.</returns>
    public string? Make(BatchItem read, out BatchItem made)
    {
        made = read;
        if (!HeadMatters && body is null && form is null && read.Head is null)
        {
            return null;
        }

        try
        {
            made = Make(read);
            return null;
        }
        catch (TemplateException exception)
        {
            return exception.Message;
        }
    }

    BatchItem Make(BatchItem read)
    {
        using var json = ParseFields(read);
        var fields = ItemValue.Of(json.RootElement, "");
        var own = read.Head;
        if (own?.Method is { } verb && FindMethodError(verb) is { } methodError)
        {
            throw new TemplateException($"has a \"method\" that {methodError}");
        }

        string made = Resolve(url.Render(fields), own?.Url);
        foreach (var (name, value) in query)
        {
            made += $"{(made.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Uri.EscapeDataString(name)}="
                + Uri.EscapeDataString(value.Render(fields));
        }

        if (BatchTarget.FindUrlError(made) is { } urlError)
        {
            throw new TemplateException($"makes a URL that cannot be sent to. {urlError}");
        }

        if (own?.Url is null)
        {
            RequireNoDots(made);
        }

        var all = new Dictionary<string, string>(own?.Headers ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, template) in headers)
        {
            string value = template.Render(fields);
            if (BatchTarget.FindHeaderError(name, value) is { } error)
            {
                throw new TemplateException($"makes a header that cannot be sent. {error}");
            }

            all.TryAdd(name, value);
        }

        var (payload, type) = BodyOf(read, fields);
        if (type is not null)
        {
            all.TryAdd("Content-Type", type);
        }

        var head = new RequestHead(
            own?.Method,
            made == target.Url ? null : made,
            all.Count > 0 ? all : null,
            body is not null || form is not null || (own?.HasBody ?? target.HasBody));
        var item = read with { Payload = payload, Head = head };
        return RequestHead.ToBytes(item).Length <= RequestHead.MaxBytes
            ? item
            : throw new TemplateException($"makes a URL and headers of more than {RequestHead.MaxBytes} bytes.");
    }

    (ReadOnlyMemory<byte> Payload, string? Type) BodyOf(BatchItem read, Fluid.Values.FluidValue fields)
    {
        if (form is not null)
        {
            return form.Make(fields);
        }

        if (body is null)
        {
            return (read.Payload, null);
        }

        byte[] payload = Encoding.UTF8.GetBytes(body.Render(fields));
        if (isJson)
        {
            RequireJson(payload);
        }

        return payload.Length <= BatchItem.MaxPayloadBytes
            ? (payload, target.Template!.ContentType)
            : throw new TemplateException($"makes a body of {payload.Length} bytes: at most {BatchItem.MaxPayloadBytes} are allowed.");
    }

    static JsonDocument ParseFields(BatchItem read)
    {
        // The payload of an item with a head of its own may be anything, and has no fields.
        try
        {
            return JsonDocument.Parse(read.Head is { HasBody: false } ? "{}"u8.ToArray() : read.Payload, new() { MaxDepth = 1000 });
        }
        catch (JsonException)
        {
            return JsonDocument.Parse("{}");
        }
    }

    // Not by Uri: a path such as /v1/items is an absolute URI of a file on Unix.
    static string Resolve(string made, string? own) =>
        own is null && made.Length == 0 ? throw new TemplateException(NoUrl)
        : own is null ? made
        : own.Contains("://", StringComparison.Ordinal) ? own
        : made.Length == 0 ? throw new TemplateException(
            $"has the relative URL '{ShortText.Of(ShownUrl.Of(own))}', and there is no --to (target.url) to resolve it against.")
        : Uri.TryCreate(made, UriKind.Absolute, out var target) && Uri.TryCreate(target, own, out var url) ? url.AbsoluteUri
        : throw new TemplateException($"has the URL '{ShortText.Of(ShownUrl.Of(own))}', which is not one.");

    static void RequireNoDots(string url)
    {
        // RFC 3986, section 5.2.4: such a segment removes the one before it, so that a value would lead to another resource.
        int end = url.IndexOfAny(['?', '#']);
        if ((end < 0 ? url : url[..end]).Split('/').Skip(3).Any(segment => IsDots(segment)))
        {
            throw new TemplateException($"makes the URL '{ShortText.Of(ShownUrl.Of(url))}', whose path has a segment of dots alone.");
        }
    }

    static bool IsDots(string segment) => segment.Replace("%2E", ".", StringComparison.OrdinalIgnoreCase) is "." or "..";

    static void RequireJson(byte[] payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 1000 });
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            throw new TemplateException(
                $"makes a body that is not JSON: {JsonFault.Describe(exception, payload)} A value with its own quotation marks is written "
                + "{{ name | json }}.");
        }
    }

    static bool IsJson(string type)
    {
        string media = type.Split(';')[0].Trim();
        return media.Equals(JsonType, StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    static TextTemplate Parse(string part, string text, TemplatePlace place)
    {
        try
        {
            return TextTemplate.Parse(text, place);
        }
        catch (TemplateException exception)
        {
            throw new TemplateException($"The target's {part} {exception.Message}");
        }
    }
}
