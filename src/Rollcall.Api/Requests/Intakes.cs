using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Rollcall.Api.Responses;
using Rollcall.Lifecycle;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>
/// Admits requests whose bodies are stored as they arrive: a limited number at once, each of any length, at a minimum pace.
/// </summary>
/// <param name="most">The maximum number at once: see <see cref="RollcallOptions.Intakes"/>.</param>
public sealed class Intakes(TimeProvider time, int most = RollcallOptions.DefaultIntakes)
{
    const string RetryAfterSeconds = "5";

    int taken;

    /// <summary>Handles a request if there is room for it.</summary>
    /// <param name="request">The request. The minimum pace applies to reading its body.</param>
    /// <param name="response">Reads the body and makes the response.</param>
    /// <returns>
    /// The response; 415 for a body with a content coding, 429 if there is no room, 400, 408 and 413 for an invalid body.
    /// </returns>
    internal async Task<IResult> AdmitAsync(HttpRequest request, Func<Task<IResult>> response)
    {
        if (ContentCoding.FindProblem(request) is { } coding)
        {
            return coding;
        }

        if (Interlocked.Increment(ref taken) > most)
        {
            Interlocked.Decrement(ref taken);
            request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Problem.Of(
                StatusCodes.Status429TooManyRequests,
                $"{most} batches are being taken in, which is as many as there may be at once. Send it again later.");
        }

        try
        {
            LiftLimits(request.HttpContext.Features);
            request.Body = new PacedBody(request.Body, time);
            return await response();
        }
        catch (InvalidInputException exception)
        {
            return Problem.Of(exception);
        }
        catch (BadHttpRequestException exception)
        {
            return Problem.Of(
                exception.StatusCode, exception.StatusCode is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge
                ? exception.Message
                : "The request's body could not be read to its end, so nothing of it was taken. Send it again.");
        }
        finally
        {
            Interlocked.Decrement(ref taken);
        }
    }

    // Lines are stored as they arrive, however many. Rollcall has its own limits for JSON, for a part and for the pace.
    static void LiftLimits(IFeatureCollection features)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
