using System.Text.Json;

namespace Rollcall.Tests.Api;

/// <summary>What the API answered.</summary>
sealed record TestAnswer(int Status, string? ContentType, string? Location, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public IReadOnlyList<JsonElement> Lines => [.. Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>The problem's sentence, after a check that it is a problem of a status.</summary>
    public string Problem(int status)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        return Json.GetProperty("detail").GetString()!;
    }
}
