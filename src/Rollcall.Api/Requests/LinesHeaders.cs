using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>
/// Reads the target's headers from headers of a request: those with a value, and those that name a secret as their value.
/// </summary>
static class LinesHeaders
{
    /// <summary>The prefix of all headers that are for Rollcall itself.</summary>
    public const string Prefix = "X-Rollcall-";

    /// <summary>What the names of those begin with that carry a header of the target.</summary>
    public const string ValuePrefix = Prefix + "Header-";

    /// <summary>What the names of those begin with that name the secret whose value a header of the target has.</summary>
    public const string SecretPrefix = Prefix + "Secret-";

    /// <summary>
    /// The header with the other parts of the target, as a JSON object of <c>query</c>, <c>body</c>, <c>contentType</c>, <c>form</c>,
    /// <c>auth</c> and <c>tls</c>.
    /// </summary>
    public const string Request = Prefix + "Request";

    /// <summary>Reads the headers.</summary>
    /// <param name="parts">Gets the other parts of the target.</param>
    /// <param name="errors">Collects the errors.</param>
    /// <param name="grants">The host's resources that may be named.</param>
    /// <param name="url">The target's URL; empty if it has none.</param>
    /// <returns>The target's headers; only valid if there are no errors.</returns>
    public static Dictionary<string, TargetHeader> Read(
        IHeaderDictionary request, InputErrorList errors, TargetParts parts, RequestGrants grants, string url)
    {
        var headers = new Dictionary<string, TargetHeader>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (name.Equals(Request, StringComparison.OrdinalIgnoreCase))
            {
                ReadParts(values.ToString(), errors, parts, grants, url);
                continue;
            }

            bool isSecret = name.StartsWith(SecretPrefix, StringComparison.OrdinalIgnoreCase);
            if (!isSecret && !name.StartsWith(ValuePrefix, StringComparison.OrdinalIgnoreCase))
            {
                errors.Add(
                    InputError.AtHeader(
                        ShortText.Of(name),
                        $"is not known: {ValuePrefix}NAME, {SecretPrefix}NAME and {Request} are allowed."));
                continue;
            }

            string target = name[(isSecret ? SecretPrefix : ValuePrefix).Length..];
            string value = values.ToString();
            var header = isSecret ? new TargetHeader { Secret = value } : new TargetHeader { Value = value };
            string? error = RequestTarget.Refusal(TargetParts.FindHeaderError(target, value))
                ?? (isSecret ? SecretName.FindError(value) ?? grants.FindSecretError(value, url) : null);
            if (error is null && !headers.TryAdd(target, header))
            {
                error = $"is given both as a value and as a secret: one of {ValuePrefix} and {SecretPrefix} is allowed.";
            }

            if (error is not null)
            {
                errors.Add(InputError.AtHeader(ShortText.Of(name), error));
            }
        }

        return headers;
    }

    static void ReadParts(string text, InputErrorList errors, TargetParts parts, RequestGrants grants, string url)
    {
        var found = new InputErrorList();
        try
        {
            using var json = JsonDocument.Parse(text);
            var field = new JsonField(json.RootElement.Clone(), "", found);
            field.ReadFields([.. parts.Fields]);
            parts.Check(field, grants, url);
        }
        catch (JsonException exception)
        {
            found.Add(InputError.AtField("", $"is not JSON: {JsonFault.Describe(exception, Encoding.UTF8.GetBytes(text))}"));
        }

        foreach (var error in found.First)
        {
            errors.Add(InputError.AtHeader(Request, $"{(error.Field is { Length: > 0 } at ? $"{at} " : "")}{error.Message}"));
        }
    }

    /// <summary>Writes the value of <see cref="Request"/>, in ASCII.</summary>
    /// <returns>The value; null if the target has no such parts.</returns>
    public static string? WriteParts(BatchTarget target)
    {
        var json = new JsonObject();
        WriteParts(json, target.Template ?? new TargetTemplate());
        if (target.Auth is { } auth)
        {
            json["auth"] = RequestAuth.Write(auth);
        }

        if (target.Tls is { } tls)
        {
            json["tls"] = RequestTls.Write(tls);
        }

        return json.Count == 0 ? null : json.ToJsonString();
    }

    static void WriteParts(JsonObject json, TargetTemplate parts)
    {
        AddNames(json, "query", parts.Query);
        if (parts.Body is { } body)
        {
            json["body"] = body;
        }

        if (parts.ContentType is { } type)
        {
            json["contentType"] = type;
        }

        AddNames(json, "form", parts.Form);
    }

    static void AddNames(JsonObject json, string name, IReadOnlyList<NamedTemplate> templates)
    {
        if (templates.Count > 0)
        {
            json[name] = new JsonObject(templates.Select(part => KeyValuePair.Create(part.Name, (JsonNode?)part.Value)));
        }
    }
}
