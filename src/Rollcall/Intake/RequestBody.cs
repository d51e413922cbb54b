using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Rollcall.Items;
using Rollcall.Templates;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Makes the bytes of a request's body.</summary>
static class RequestBody
{
    /// <summary>The fields that a body may be in.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["body", "text", "base64", "form", "file"];

    /// <summary>Reads a body.</summary>
    /// <param name="kind">The field that it is in.</param>
    /// <param name="folder">The folder of files that a request may name; null if it may name none.</param>
    /// <param name="payload">The bytes.</param>
    /// <param name="contentType">Their media type.</param>
    /// <returns>What is wrong, as the rest of a sentence whose subject is the field; null if nothing is.</returns>
    public static string? Read(string kind, JsonElement value, string? folder, out byte[] payload, out string? contentType)
    {
        payload = [];
        contentType = kind switch
        {
            "body" => "application/json",
            "text" => "text/plain; charset=utf-8",
            "form" => "application/x-www-form-urlencoded",
            _ => "application/octet-stream",
        };
        if (kind == "body")
        {
            payload = JsonMarshal.GetRawUtf8Value(value).ToArray();
            return null;
        }

        if (kind == "form")
        {
            return ReadForm(value, out payload);
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return $"is {JsonKind.Of(value)}: a string is needed.";
        }

        if (JsonTexts.Find(value) is not { } text)
        {
            return JsonTexts.HalfCharacter;
        }

        if (kind == "file")
        {
            return ReadFile(text, folder, out payload);
        }

        if (kind == "text")
        {
            payload = Encoding.UTF8.GetBytes(text);
            return null;
        }

        return value.TryGetBytesFromBase64(out payload!) ? null : "is not base64 (RFC 4648, section 4), with its padding.";
    }

    static string? ReadForm(JsonElement form, out byte[] payload)
    {
        payload = [];
        if (form.ValueKind != JsonValueKind.Object)
        {
            return $"is {JsonKind.Of(form)}: an object of strings, numbers and booleans is needed.";
        }

        List<string> pairs = [];
        foreach (var property in form.EnumerateObject())
        {
            string name = JsonTexts.NameOf(property);
            bool isArray = property.Value.ValueKind == JsonValueKind.Array;
            foreach (var value in isArray ? property.Value.EnumerateArray().ToArray() : [property.Value])
            {
                string? text = value.ValueKind switch
                {
                    JsonValueKind.String => JsonTexts.Find(value),
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                    _ => null,
                };
                if (text is null)
                {
                    return $"has \"{ShortText.Of(name)}\", which is {JsonKind.Of(value)}: a string, a number, a boolean or an array of "
                        + "them is needed.";
                }

                pairs.Add($"{FormTemplate.Encode(name)}={FormTemplate.Encode(text)}");
            }
        }

        payload = Encoding.ASCII.GetBytes(string.Join('&', pairs));
        return null;
    }

    static string? ReadFile(string name, string? folder, out byte[] payload)
    {
        payload = [];
        if (folder is null)
        {
            return "is not allowed here: only rollcall run reads files. Send the bytes as \"base64\".";
        }

        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string path = Path.GetFullPath(name, root);
        if (Path.IsPathRooted(name) || !path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return $"is '{ShortText.Of(name)}': a path below the input's folder, relative to it, is needed.";
        }

        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > BatchItem.MaxPayloadBytes)
            {
                return $"is '{ShortText.Of(name)}', which is longer than {BatchItem.MaxPayloadBytes} bytes, the largest payload.";
            }

            payload = File.ReadAllBytes(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"is '{ShortText.Of(name)}', which cannot be read: {exception.Message}";
        }
    }
}
