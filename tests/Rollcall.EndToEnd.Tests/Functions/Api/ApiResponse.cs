using System.Net;
using System.Text;
using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Functions.Api;

/// <summary>A response of the HTTP API.</summary>
sealed record ApiResponse(HttpStatusCode Status, string? ContentType, string? Location, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public static async Task<ApiResponse> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        response.Headers.Location?.OriginalString,
        await response.Content.ReadAsByteArrayAsync());

    public ApiResponse Require(HttpStatusCode status)
    {
        Assert.True(Status == status, $"The API answered {(int)Status}, not {(int)status}: {Text}");
        return this;
    }

    /// <summary>Requires a refusal that a caller can act on, and gives its sentence.</summary>
    public string RequireProblem(HttpStatusCode status)
    {
        Require(status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.DoesNotContain("Exception", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
        string detail = Json.GetProperty("detail").GetString()!;
        Assert.NotEmpty(detail);
        return detail;
    }
}
