using System.Reflection;
using Microsoft.AspNetCore.Http;
using Rollcall.Api.Responses;
using Rollcall.Lifecycle;

namespace Rollcall.Api;

/// <summary>Handles the requests about the service itself.</summary>
public static class ServiceApi
{
    /// <summary>Shows that the service responds: <c>GET /api/health</c>.</summary>
    /// <returns>200 with the version.</returns>
    public static IResult GetHealth() =>
        TypedResults.Json(new ApiHealth("ok", ProductVersion.Number), ApiJson.Default.ApiHealth);

    /// <summary>Returns the description of the API: <c>GET /api/openapi.json</c>.</summary>
    /// <returns>200 with an OpenAPI 3.1 document.</returns>
    public static IResult GetOpenApi() =>
        TypedResults.Stream(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")
                ?? throw new InvalidOperationException("The assembly has no openapi.json."),
            "application/json");

    /// <summary>Returns the request's body, as a target to try the app with: <c>POST /api/echo</c>.</summary>
    /// <param name="options">Say whether there is such a target.</param>
    /// <returns>200 with the request's body; 404 if there is no such target.</returns>
    public static IResult Echo(HttpRequest request, RollcallOptions options) => options.EchoTarget
        ? TypedResults.Stream(request.Body, "application/octet-stream")
        : Problem.Of(StatusCodes.Status404NotFound, "This app has no echo target. The setting Rollcall__EchoTarget=true gives it one.");
}
