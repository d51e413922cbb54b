using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.DurableTask.Client;
using Rollcall.Functions.Batches;
using Rollcall.Intake;

namespace Rollcall.Functions.Http;

/// <summary>Answers the HTTP API's requests.</summary>
/// <param name="starter">Starts batches.</param>
sealed class BatchApi(BatchStarter starter)
{
    /// <summary>The largest request as <c>application/json</c>, which is held in memory: 64 MiB.</summary>
    public const int MaxJsonBytes = 64 * 1024 * 1024;

    /// <summary>Starts the batch of a request.</summary>
    public async Task<IResult> StartAsync(HttpRequest request, DurableTaskClient client)
    {
        if (!request.HasJsonContentType())
        {
            return Problem(StatusCodes.Status415UnsupportedMediaType, "The Content-Type must be application/json.");
        }

        if (await ReadAsync(request) is not { } json)
        {
            string limit = MaxJsonBytes.ToString(CultureInfo.InvariantCulture);
            return Problem(StatusCodes.Status413PayloadTooLarge, $"A request of application/json may have {limit} bytes at the most.");
        }

        try
        {
            var batch = BatchRequestParser.Parse(json);
            var started = await starter.StartAsync(batch, batch.Id ?? NewId(), client, request.HttpContext.RequestAborted);
            string id = started.Manifest.Id;
            string location = $"{request.PathBase}{request.Path}/{id}";
            var answer = new BatchAnswer(id, started.Manifest.ItemCount, new BatchLinks(location, $"{location}/results", $"{location}/receipt"));
            return started.Result switch
            {
                StartResult.Started => TypedResults.Accepted(location, answer),
                StartResult.Existing => TypedResults.Ok(answer),
                _ => Problem(StatusCodes.Status409Conflict, $"There is a batch '{id}' with other items, another target or other options."),
            };
        }
        catch (InvalidInputException exception)
        {
            return Problem(StatusCodes.Status400BadRequest, exception.Message);
        }
    }

    static string NewId() => Guid.CreateVersion7().ToString("N");

    static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxJsonBytes)
        {
            return null;
        }

        using var buffer = new MemoryStream((int)(request.ContentLength ?? 0));
        byte[] piece = new byte[81920];
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
