using System.Reflection;
using Microsoft.AspNetCore.Http;
using Rollcall.Hosting;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Answers the requests about the service itself.</summary>
public static class ServiceApi
{
    /// <summary>The <c>code</c> of the answer to a request for what is damaged.</summary>
    public const string DamagedCode = "data-damaged";

    /// <summary>The response to a request for what is damaged, whichever it was.</summary>
    /// <param name="exception">What is damaged.</param>
    /// <returns>409 where it is a batch's record, which is the batch's state; otherwise 500. Both have the code <see cref="DamagedCode"/>.</returns>
    public static IResult OfDamage(DamagedDataException exception) => TypedResults.Problem(
        exception is DamagedBatchException damaged ? BatchFault.Describe(damaged) : exception.Message,
        statusCode: exception is DamagedBatchException ? StatusCodes.Status409Conflict : StatusCodes.Status500InternalServerError,
        extensions: new Dictionary<string, object?> { ["code"] = DamagedCode });

    /// <summary>Whether the service answers: <c>GET /api/health</c>.</summary>
    /// <returns>200 with the version.</returns>
    public static IResult GetHealth() =>
        TypedResults.Json(new ApiHealth("ok", ProductVersion.Number), ApiJson.Default.ApiHealth);

    /// <summary>The description of the API: <c>GET /api/openapi.json</c>.</summary>
    /// <returns>200 with an OpenAPI 3.1 document.</returns>
    public static IResult GetOpenApi() =>
        TypedResults.Stream(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")
                ?? throw new InvalidOperationException("The assembly has no openapi.json."),
            "application/json");

    /// <summary>Returns what was sent, as a target to try the app with: <c>POST /api/echo</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Say whether there is such a target.</param>
    /// <returns>200 with the request's body; 404 if there is none.</returns>
    public static IResult Echo(HttpRequest request, RollcallOptions options) => options.EchoTarget
        ? TypedResults.Stream(request.Body, "application/octet-stream")
        : Problem.Of(StatusCodes.Status404NotFound, "This app has no echo target. The setting Rollcall__EchoTarget=true gives it one.");
}
