using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Templates;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>Reads the parts of a target that say what request is made of an item.</summary>
sealed class TargetParts
{
    readonly List<NamedTemplate> query = [];
    readonly List<NamedTemplate> form = [];
    readonly RequestTls tls = new();
    string? method;
    string? body;
    string? contentType;
    TargetAuth? auth;
    TargetTls? madeTls;

    /// <summary>The fields, and what reads them.</summary>
    public IReadOnlyList<(string Name, Action<JsonField> Read)> Fields =>
    [
        ("method", ReadMethod),
        ("query", value => ReadTemplates(value, query)),
        ("body", value => body = value.ReadText("a string, the template of the body,")),
        ("contentType", value => contentType = value.ReadText("a media type")),
        ("form", value => ReadTemplates(value, form)),
        ("auth", value => auth = RequestAuth.Read(value)),
        ("tls", tls.Read),
    ];

    /// <summary>Checks what names something of the host, when all is read.</summary>
    /// <param name="field">The parts.</param>
    /// <param name="grants">The host's resources that may be named.</param>
    /// <param name="url">The target's URL; empty if it has none.</param>
    public void Check(JsonField field, RequestGrants grants, string url)
    {
        field.RefuseAt(["auth"], grants.FindAuthError(auth, url));
        madeTls = tls.Require(grants, url);
    }

    /// <summary>Says what is wrong with a header whose value may be a template.</summary>
    /// <returns>A sentence; null if nothing is.</returns>
    public static string? FindHeaderError(string name, string value) =>
        BatchTarget.FindHeaderError(name, TextTemplate.IsOne(value) ? "" : value);

    /// <summary>Says what is wrong with a target's templates.</summary>
    /// <returns>A sentence; null if nothing is.</returns>
    public static string? FindError(BatchTarget target)
    {
        if (target.Template is { Body: not null, Form.Count: > 0 })
        {
            return "The target has both a body and a form: a form is the body.";
        }

        if (target.Auth is not null && HeadersOf(target).Contains("Authorization", StringComparer.OrdinalIgnoreCase))
        {
            return "The target has both auth and the header Authorization: auth makes the header.";
        }

        if (target.Template is { ContentType: { } type } parts
            && (parts.Body is null ? "The target has a content type and no body." : BatchTarget.FindHeaderError("Content-Type", type))
                is { } typeError)
        {
            return typeError;
        }

        try
        {
            _ = RequestTemplate.Of(target);
            return null;
        }
        catch (TemplateException exception)
        {
            return exception.Message;
        }
    }

    static IEnumerable<string> HeadersOf(BatchTarget target) =>
        target.Headers.Keys.Concat(target.Template?.Headers.Select(header => header.Name) ?? []);

    /// <summary>The target with these parts.</summary>
    /// <param name="headers">Its headers, some of whose values may be templates.</param>
    public BatchTarget ToTarget(string url, IReadOnlyDictionary<string, TargetHeader> headers)
    {
        var made = headers.Where(header => header.Value.Value is { } value && TextTemplate.IsOne(value)).ToList();
        var template = new TargetTemplate
        {
            Query = query,
            Headers = [.. made.Select(header => new NamedTemplate(header.Key, header.Value.Value!))],
            Body = body,
            ContentType = contentType,
            Form = form,
        };
        bool isEmpty = template is { Body: null, ContentType: null, Query.Count: 0, Headers.Count: 0, Form.Count: 0 };
        return new BatchTarget(url, headers.Except(made).ToDictionary(StringComparer.OrdinalIgnoreCase))
        {
            Method = method,
            HasBody = method is null || RequestTemplate.HasBody(method),
            Auth = auth,
            Tls = madeTls,
            Template = isEmpty ? null : template,
        };
    }

    /// <summary>Takes the method.</summary>
    /// <returns>What is wrong, as the rest of a sentence whose subject is where it is; null if nothing is.</returns>
    public string? ReadMethod(string value)
    {
        method = value;
        return RequestTemplate.FindMethodError(value);
    }

    void ReadMethod(JsonField field)
    {
        if (field.ReadText("a method in capitals such as GET, POST, PUT, PATCH or DELETE") is { } read)
        {
            field.Refuse(ReadMethod(read));
        }
    }

    static void ReadTemplates(JsonField field, List<NamedTemplate> templates)
    {
        if (field.Value.ValueKind != JsonValueKind.Object)
        {
            field.Refuse($"is {JsonKind.Of(field.Value)}: an object of names and templates is needed.");
            return;
        }

        foreach (var property in field.Value.EnumerateObject())
        {
            string name = JsonTexts.NameOf(property);
            string? value = field.Field(property).ReadText("a string");
            field.Field(property).Refuse(templates.Exists(template => template.Name == name) ? FieldNames.Doubled : null);
            templates.Add(new NamedTemplate(name, value ?? ""));
        }
    }
}
