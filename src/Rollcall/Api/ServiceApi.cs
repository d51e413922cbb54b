using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Rollcall.Api;

/// <summary>Answers the requests about the service itself.</summary>
public static class ServiceApi
{
    /// <summary>Whether the service answers: <c>GET /api/health</c>.</summary>
    /// <returns>200 with the version.</returns>
    public static IResult GetHealth() =>
        TypedResults.Json(new ApiHealth("ok", typeof(ServiceApi).Assembly.GetName().Version!.ToString(3)), ApiJson.Default.ApiHealth);

    /// <summary>The description of the API: <c>GET /api/openapi.json</c>.</summary>
    /// <returns>200 with an OpenAPI 3.1 document.</returns>
    public static IResult GetOpenApi() =>
        TypedResults.Stream(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")
                ?? throw new InvalidOperationException("The assembly has no openapi.json."),
            "application/json");
}
