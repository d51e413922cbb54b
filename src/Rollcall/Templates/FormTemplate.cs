using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Fluid.Values;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Templates;

/// <summary>Makes a form of an item: urlencoded, or multipart if one of its fields is a file (RFC 7578).</summary>
sealed class FormTemplate
{
    const char FileSign = '@';
    const string UrlEncoded = "application/x-www-form-urlencoded";

    readonly IReadOnlyList<(string Name, bool IsFile, TextTemplate Value)> parts;
    readonly Func<string, byte[]>? readFile;

    /// <summary>Reads the templates.</summary>
    /// <param name="parts">Names, and templates of their values.</param>
    /// <param name="readFile">Reads a file; null if none may be read.</param>
    /// <exception cref="TemplateException">One cannot be read.</exception>
    public FormTemplate(IReadOnlyList<NamedTemplate> parts, Func<string, byte[]>? readFile)
    {
        this.readFile = readFile;
        this.parts = [.. parts.Select(part => Parse(part))];
        if (readFile is null && this.parts.Any(part => part.IsFile))
        {
            throw new TemplateException("The target's form names a file, which only 'rollcall run' can read.");
        }
    }

    /// <summary>Makes the body and its media type.</summary>
    /// <exception cref="TemplateException">The item lacks a value, or a file cannot be read.</exception>
    public (ReadOnlyMemory<byte> Body, string Type) Make(FluidValue fields)
    {
        var values = parts.Select(part => (part.Name, part.IsFile, Value: part.Value.Render(fields))).ToList();
        return parts.Any(part => part.IsFile)
            ? Multipart(values)
            : (Encoding.UTF8.GetBytes(string.Join('&', values.Select(part => $"{Encode(part.Name)}={Encode(part.Value)}"))), UrlEncoded);
    }

    (ReadOnlyMemory<byte> Body, string Type) Multipart(List<(string Name, bool IsFile, string Value)> values)
    {
        var contents = values.ConvertAll(part => part.IsFile ? Read(part.Value) : Encoding.UTF8.GetBytes(part.Value));

        // The same item makes the same bytes, and no value can have the boundary in it.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] content in contents)
        {
            hash.AppendData(SHA256.HashData(content));
        }

        string boundary = $"rollcall-{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        using var body = new MemoryStream();
        foreach (var (part, content) in values.Zip(contents))
        {
            string file = part.IsFile
                ? $"; filename=\"{Escape(Path.GetFileName(part.Value))}\"\r\nContent-Type: application/octet-stream"
                : "";
            body.Write(Encoding.UTF8.GetBytes(
                $"--{boundary}\r\nContent-Disposition: form-data; name=\"{Escape(part.Name)}\"{file}\r\n\r\n"));
            body.Write(content);
            body.Write("\r\n"u8);
        }

        body.Write(Encoding.UTF8.GetBytes($"--{boundary}--\r\n"));
        return body.Length <= BatchItem.MaxPayloadBytes
            ? (body.ToArray(), new MediaTypeHeaderValue("multipart/form-data") { Parameters = { new("boundary", boundary) } }.ToString())
            : throw new TemplateException($"makes a form of {body.Length} bytes: at most {BatchItem.MaxPayloadBytes} are allowed.");
    }

    byte[] Read(string path)
    {
        try
        {
            return readFile!(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TemplateException($"names the file '{path}', which cannot be read: {exception.Message}");
        }
    }

    static (string Name, bool IsFile, TextTemplate Value) Parse(NamedTemplate part)
    {
        bool isFile = part.Value.StartsWith(FileSign);
        return (part.Name, isFile, TextTemplate.Parse(isFile ? part.Value[1..] : part.Value, TemplatePlace.Text));
    }

    /// <summary>
    /// Encodes a name or a value of an urlencoded form (WHATWG URL, section 5.2): percent-encoded, but a space is a plus.
    /// </summary>
    public static string Encode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    // RFC 7578, section 2, and WHATWG: these would end the name.
    static string Escape(string text) => text
        .Replace("\"", "%22", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);
}
