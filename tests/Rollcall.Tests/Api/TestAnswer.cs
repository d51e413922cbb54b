using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Rollcall.Tests.Api;

/// <summary>What the API answered.</summary>
sealed record TestAnswer(int Status, string? ContentType, string? Location, string Body)
{
    public byte[] Bytes { get; init; } = [];

    public IHeaderDictionary Headers { get; init; } = new HeaderDictionary();

    public JsonElement Json => JsonElement.Parse(Body);

    public IReadOnlyList<JsonElement> Lines => [.. Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>The indexes of the lines.</summary>
    public IEnumerable<int> Indexes => Lines.Select(line => line.GetProperty("index").GetInt32());

    /// <summary>The body of a compressed answer.</summary>
    public string Decompress()
    {
        using var compressed = new GZipStream(new MemoryStream(Bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(compressed, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The problem's sentence, after a check that it is a problem of a status.</summary>
    public string Problem(int status)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        return Json.GetProperty("detail").GetString()!;
    }
}
