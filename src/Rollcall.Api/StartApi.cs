using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollcall.Api.Requests;
using Rollcall.Api.Responses;
using Rollcall.Intake;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Validation;

namespace Rollcall.Api;

/// <summary>Handles the requests that start a batch.</summary>
/// <param name="time">The clock, to check a start time.</param>
/// <param name="grants">The host's resources that a request may name.</param>
/// <param name="intakes">Admits the requests.</param>
public sealed class StartApi(BatchStarter starter, TimeProvider time, RequestGrants grants, IUploads uploads, Intakes intakes)
{
    /// <summary>The maximum size of a request as <c>application/json</c>, which is held in memory: 64 MiB.</summary>
    public const int MaxJsonBytes = 64 * 1024 * 1024;

    const string LinesType = InputMediaTypes.Lines;
    const int PieceSize = 81_920;

    /// <summary>Starts a batch: <c>POST /api/batches</c>.</summary>
    /// <returns>
    /// 202 for a new batch, 200 for the same one again, 409 if the id belongs to another batch or to one that is being deleted, 400, 413 or
    /// 415 if the request is not a batch, 408 if its body arrives too slowly, 429 if the maximum number of requests is being read.
    /// </returns>
    public async Task<IResult> StartAsync(HttpRequest request, IBatchScheduler scheduler)
    {
        bool isLines = InputMediaTypes.Find(request.ContentType) is not null;
        if (!isLines && !request.HasJsonContentType())
        {
            return Problem.Of(
                StatusCodes.Status415UnsupportedMediaType,
                $"The Content-Type must be application/json, {InputMediaTypes.Allowed}.");
        }

        return await intakes.AdmitAsync(request, () => TakeInAsync(request, isLines, scheduler));
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
                    $"A request of application/json may have at most {limit} bytes. Send the items as {LinesType}, which has no "
                    + "limit.");
            }

            string id = batch.Id ?? Guid.CreateVersion7().ToString("N");
            var started = await starter.StartAsync(batch, id, scheduler, request.HttpContext.RequestAborted);
            var links = BatchLinks.Of(request, id);
            var response = new StartResponse(id, started.Manifest.ItemCount, links);
            if (started.Result == StartResult.Conflict)
            {
                return Problem.Of(StatusCodes.Status409Conflict, started.ToConflict());
            }

            await ForgetPartsAsync(request, id);
            request.HttpContext.Response.Headers.Location = links.Status;
            int status = started.Result == StartResult.Started ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
            return TypedResults.Json(response, ApiJson.Default.StartResponse, statusCode: status);
        }
        catch (Exception exception) when (BatchFault.FindResponse(exception) is { } response)
        {
            return response;
        }
        catch (BatchDeletingException exception)
        {
            return Problem.Of(StatusCodes.Status409Conflict, exception.Message);
        }
    }

    // The batch has the items by now. Parts that cannot be deleted here are deleted later, like other unused uploads.
    async Task ForgetPartsAsync(HttpRequest request, string id)
    {
        if (request.Query.ContainsKey(UploadedInput.PartsParameter))
        {
            try
            {
                await uploads.DeleteAsync(id, request.HttpContext.RequestAborted);
            }
            catch (IOException)
            {
                // See above.
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

    // A JSON body says everything, so anything given elsewhere would be ignored.
    static void RefuseWhatLinesHave(HttpRequest request)
    {
        var errors = new InputErrorList();
        foreach (string name in request.Query.Keys.Where(name => !QueryNames.IsOfHost(name)))
        {
            errors.Add(
                InputError.AtParameter(
                    ShortText.Of(name),
                    $"is not allowed with application/json, whose body has all there is to say. With {LinesType} it is."));
        }

        var names = request.Headers.Keys.Where(name => name.StartsWith(LinesHeaders.Prefix, StringComparison.OrdinalIgnoreCase));
        foreach (string name in names)
        {
            errors.Add(
                InputError.AtHeader(
                    ShortText.Of(name),
                    $"is not allowed with application/json: the body's target.headers has the target's headers. With {LinesType} it is."));
        }

        errors.ThrowIfAny();
    }

    static async Task<ReadOnlyMemory<byte>?> ReadJsonAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxJsonBytes)
        {
            return null;
        }

        // It grows with what arrives, whatever length the request has announced.
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
