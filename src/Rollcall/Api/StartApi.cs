using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;
using Rollcall.Batches;
using Rollcall.Hosting;
using Rollcall.Intake;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Answers the requests that start a batch.</summary>
/// <param name="starter">Starts batches.</param>
/// <param name="time">The clock, which a start in the future is held against.</param>
/// <param name="grants">What of the host's own a request may name.</param>
/// <param name="uploads">Keeps the parts of inputs.</param>
/// <param name="intakes">How many requests are read at once: see <see cref="RollcallOptions.Intakes"/>.</param>
public sealed class StartApi(
    BatchStarter starter, TimeProvider time, RequestGrants grants, IUploads uploads, int intakes = RollcallOptions.DefaultIntakes)
{
    /// <summary>The largest request as <c>application/json</c>, which is held in memory: 64 MiB.</summary>
    public const int MaxJsonBytes = 64 * 1024 * 1024;

    /// <summary>The largest part of an input: 64 MiB.</summary>
    public const int MaxPartBytes = 64 * 1024 * 1024;

    /// <summary>The most parts that an input can have.</summary>
    public const int MaxParts = 10_000;

    /// <summary>The parameter that says how many parts the input has.</summary>
    internal const string PartsParameter = "inputParts";

    const string LinesType = "application/x-ndjson";
    const string RetryAfterSeconds = "5";
    const int PieceSize = 81_920;

    int taken;

    /// <summary>Starts the batch of a request: <c>POST /api/batches</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scheduler">Schedules its orchestration.</param>
    /// <returns>
    /// 202 for a new batch, 200 for the same one again, 409 where its id is another's or of one that is being deleted, 400, 413 or 415 where it is
    /// not a batch, 408 where its body comes too slowly, 429 where as many requests are being read as may be at once.
    /// </returns>
    public async Task<IResult> StartAsync(HttpRequest request, IBatchScheduler scheduler)
    {
        bool isLines = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(LinesType, StringComparison.OrdinalIgnoreCase);
        if (!isLines && !request.HasJsonContentType())
        {
            return Problem.Of(StatusCodes.Status415UnsupportedMediaType, $"The Content-Type must be application/json or {LinesType}.");
        }

        return await AdmitAsync(request, () => TakeInAsync(request, isLines, scheduler));
    }

    /// <summary>Takes a part of the input of a batch to come: <c>PUT /api/batches/{id}/input/{part}</c>. One of that number is replaced.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The id that the batch will have.</param>
    /// <param name="part">The number of the part, from 0.</param>
    /// <returns>204 where it is stored; 400 or 413 where it cannot be one, 408, 415 and 429 as for a start.</returns>
    public Task<IResult> PutPartAsync(HttpRequest request, string id, string part) => AdmitAsync(request, async () =>
    {
        if (QueryNames.FindError(request) is { } unknown)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, unknown);
        }

        if (!BatchManifest.IsValidId(id))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"The id is '{ShortText.Of(id)}': {BatchManifest.IdNeeded}.");
        }

        if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number >= MaxParts)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"The part is '{ShortText.Of(part)}': a whole number from 0 to {MaxParts - 1} is needed.");
        }

        await uploads.WriteAsync(id, number, target => CopyPartAsync(request, target), request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    });

    /// <summary>Reads a request's body with the limits that all have, in its turn.</summary>
    async Task<IResult> AdmitAsync(HttpRequest request, Func<Task<IResult>> answer)
    {
        if (ContentCoding.FindProblem(request) is { } coding)
        {
            return coding;
        }

        if (Interlocked.Increment(ref taken) > intakes)
        {
            Interlocked.Decrement(ref taken);
            request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Problem.Of(StatusCodes.Status429TooManyRequests, $"{intakes} batches are being taken in, which is as many as there may be at once. Send it again later.");
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
            return Problem.Of(exception.StatusCode, exception.StatusCode is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge
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

    static async Task CopyPartAsync(HttpRequest request, Stream target)
    {
        byte[] piece = new byte[PieceSize];
        long total = 0;
        int length;
        while ((length = await request.Body.ReadAsync(piece, request.HttpContext.RequestAborted)) > 0)
        {
            total += length;
            if (total > MaxPartBytes)
            {
                throw new BadHttpRequestException(
                    string.Create(CultureInfo.InvariantCulture, $"A part of an input may have at most {MaxPartBytes} bytes. Send smaller ones."),
                    StatusCodes.Status413PayloadTooLarge);
            }

            await target.WriteAsync(piece.AsMemory(0, length));
        }
    }

    async Task<IResult> TakeInAsync(HttpRequest request, bool isLines, IBatchScheduler scheduler)
    {
        try
        {
            if (await ReadAsync(request, isLines) is not { } batch)
            {
                string limit = MaxJsonBytes.ToString(CultureInfo.InvariantCulture);
                return Problem.Of(
                    StatusCodes.Status413PayloadTooLarge,
                    $"A request of application/json may have {limit} bytes at the most. Send the items as {LinesType}, which has no limit.");
            }

            string id = batch.Id ?? Guid.CreateVersion7().ToString("N");
            var started = await starter.StartAsync(batch, id, scheduler, request.HttpContext.RequestAborted);
            var links = BatchLinks.Of(request, id);
            var answer = new StartAnswer(id, started.Manifest.ItemCount, links);
            if (started.Result == StartResult.Conflict)
            {
                return Problem.Of(StatusCodes.Status409Conflict, started.ToConflict());
            }

            await ForgetPartsAsync(request, id);
            request.HttpContext.Response.Headers.Location = links.Status;
            int status = started.Result == StartResult.Started ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
            return TypedResults.Json(answer, ApiJson.Default.StartAnswer, statusCode: status);
        }
        catch (Exception exception) when (BatchFault.FindAnswer(exception) is { } answer)
        {
            return answer;
        }
        catch (BatchDeletingException exception)
        {
            return Problem.Of(StatusCodes.Status409Conflict, exception.Message);
        }
    }

    // The batch has the items by now. What cannot be deleted is deleted with what no batch was started with.
    async Task ForgetPartsAsync(HttpRequest request, string id)
    {
        if (request.Query.ContainsKey(PartsParameter))
        {
            try
            {
                await uploads.DeleteAsync(id, request.HttpContext.RequestAborted);
            }
            catch (IOException)
            {
                // As said above.
            }
        }
    }

    async Task<BatchRequest?> ReadAsync(HttpRequest request, bool isLines)
    {
        if (isLines)
        {
            return LinesRequest.Parse(request, time, grants, uploads);
        }

        RefuseWhatLinesHave(request);
        return await ReadJsonAsync(request) is { } json ? BatchRequestParser.Parse(json, time, grants) : null;
    }

    // A JSON body says all of it, so that what stands elsewhere would not be gone by.
    static void RefuseWhatLinesHave(HttpRequest request)
    {
        var errors = new InputErrorList();
        foreach (string name in request.Query.Keys.Where(name => !QueryNames.IsOfHost(name)))
        {
            errors.Add(InputError.AtParameter(ShortText.Of(name), $"is not allowed with application/json, whose body has all there is to say. With {LinesType} it is."));
        }

        foreach (string name in request.Headers.Keys.Where(name => name.StartsWith(LinesHeaders.Prefix, StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add(InputError.AtHeader(ShortText.Of(name), $"is not allowed with application/json: the body's target.headers has the target's headers. With {LinesType} it is."));
        }

        errors.ThrowIfAny();
    }

    static async Task<ReadOnlyMemory<byte>?> ReadJsonAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxJsonBytes)
        {
            return null;
        }

        // It grows with what comes, whatever the request has promised.
        using var buffer = new MemoryStream();
        byte[] piece = new byte[PieceSize];
        int length;
        while ((length = await request.Body.ReadAsync(piece, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + length > MaxJsonBytes)
            {
                return null;
            }

            await buffer.WriteAsync(piece.AsMemory(0, length));
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
