using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Templates;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>Reads the <c>target</c> of a batch request.</summary>
static class RequestTarget
{
    /// <summary>The rule for a URL, for error messages.</summary>
    public const string UrlNeeded = "an absolute http:// or https:// URL";

    /// <summary>Reads the target.</summary>
    /// <param name="grants">The host's resources that may be named.</param>
    /// <param name="lacksUrl">Whether it has no URL, so that each item needs an absolute one.</param>
    /// <returns>The target; only valid if there are no errors.</returns>
    public static BatchTarget Read(JsonField field, RequestGrants grants, out bool lacksUrl)
    {
        var parts = new TargetParts();
        string url = "";
        var headers = new Dictionary<string, TargetHeader>(StringComparer.OrdinalIgnoreCase);
        long before = field.Errors.Count;
        var names = field.ReadFields(
            [("url", f => url = ReadUrlOrTemplate(f)), ("headers", f => ReadHeaders(f, headers)), .. parts.Fields]);
        lacksUrl = names?.Has("url") == false;
        foreach (var (name, header) in headers)
        {
            field.RefuseAt(["headers", name], grants.FindSecretError(header.Secret, url));
        }

        parts.Check(field, grants, url);
        var target = parts.ToTarget(url, headers);
        field.Refuse(field.Errors.Count > before ? null : Refusal(TargetParts.FindError(target)));
        return target;
    }

    /// <summary>Says what is wrong with the URL of a target, which may be a template.</summary>
    /// <returns>A sentence; null if nothing is.</returns>
    public static string? FindUrlError(string url) => TextTemplate.IsOne(url) ? null : BatchTarget.FindUrlError(url);

    static string ReadUrlOrTemplate(JsonField field)
    {
        string? url = field.ReadText(UrlNeeded);
        field.Refuse(url is null ? null : Refusal(FindUrlError(url)));
        return url ?? "";
    }

    /// <summary>Reads a URL.</summary>
    public static string ReadUrl(JsonField field)
    {
        string? url = field.ReadText(UrlNeeded);
        field.Refuse(url is null ? null : Refusal(BatchTarget.FindUrlError(url)));
        return url ?? "";
    }

    /// <summary>The error of a value that breaks a rule.</summary>
    /// <param name="error">A sentence; null if there is no error.</param>
    /// <returns>See <see cref="InputError.Message"/>.</returns>
    public static string? Refusal(string? error) => error is null ? null : $"is not allowed: {error}";

    static void ReadHeaders(JsonField field, Dictionary<string, TargetHeader> headers)
    {
        if (field.Value.ValueKind != JsonValueKind.Object)
        {
            field.Refuse($"is {JsonKind.Of(field.Value)}: an object of header names and values is needed.");
            return;
        }

        foreach (var property in field.Value.EnumerateObject())
        {
            string name = JsonTexts.NameOf(property);
            var header = field.Field(property);
            var value = ReadHeader(header);
            header.Refuse(Refusal(TargetParts.FindHeaderError(name, value.Value ?? "")));

            // RFC 9110, section 5.1: header names are case-insensitive.
            header.Refuse(headers.TryAdd(name, value) ? null : FieldNames.Doubled);
        }
    }

    static TargetHeader ReadHeader(JsonField field)
    {
        if (field.Value.ValueKind != JsonValueKind.Object)
        {
            return new TargetHeader { Value = field.ReadText("a string, or an object with \"secret\",") ?? "" };
        }

        string secret = "";
        field.ReadFields(("secret", f => secret = SecretName.Read(f) ?? ""))?.Require("secret", "the name of a secret");
        return new TargetHeader { Secret = secret };
    }
}
