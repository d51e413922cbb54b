using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Rollcall.Tests.Api;

/// <summary>How the API responded.</summary>
sealed record TestResponse(int Status, string? ContentType, string? Location, string Body)
{
    public byte[] Bytes { get; init; } = [];

    public IHeaderDictionary Headers { get; init; } = new HeaderDictionary();

    public JsonElement Json => JsonElement.Parse(Body);

    public IReadOnlyList<JsonElement> Lines =>
        [.. Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>The indexes of the lines.</summary>
    public IEnumerable<int> Indexes => Lines.Select(line => line.GetProperty("index").GetInt32());

    /// <summary>The body of a compressed response.</summary>
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

    /// <summary>What the problem names, each as its place and what is wrong, after a check that it is a problem of a status.</summary>
    public IReadOnlyList<(string Place, string Message)> Errors(int status)
    {
        Problem(status);
        return [
            .. Json.GetProperty("errors").EnumerateArray().Select(error => (PlaceOf(error), error.GetProperty("message").GetString()!))];
    }

    /// <summary>The one error that the problem names, which its sentence has too.</summary>
    public (string Place, string Message) OnlyError(int status)
    {
        var error = Assert.Single(Errors(status));
        Assert.Equal(1, Json.GetProperty("errorCount").GetInt32());
        Assert.Contains(error.Message, Problem(status), StringComparison.Ordinal);
        return error;
    }

    static string PlaceOf(JsonElement error)
    {
        var place = Assert.Single(error.EnumerateObject(), property => property.Name != "message");
        return $"{place.Name} {place.Value}";
    }
}
