using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Rollcall.Api.Answers;
using Rollcall.Lifecycle;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>Admits the requests whose bodies are stored as they come: so many at once, each of any length, at a least pace.</summary>
/// <param name="most">How many at once: see <see cref="RollcallOptions.Intakes"/>.</param>
public sealed class Intakes(TimeProvider time, int most = RollcallOptions.DefaultIntakes)
{
    const string RetryAfterSeconds = "5";

    int taken;

    /// <summary>Answers a request if there is room for it.</summary>
    /// <param name="request">The request. Its body is then read at the pace that all have.</param>
    /// <param name="answer">Reads the body and answers.</param>
    /// <returns>
    /// The answer; 415 for a body with a coding, 429 where there is no room, 400, 408 and 413 where the body is not what it should be.
    /// </returns>
    internal async Task<IResult> AdmitAsync(HttpRequest request, Func<Task<IResult>> answer)
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
            return await answer();
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

    // Lines are stored as they come, however many; the limits of JSON and of a part are this class's own, and so is that of the pace.
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
