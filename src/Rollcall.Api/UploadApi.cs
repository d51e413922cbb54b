using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollcall.Api.Requests;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Storage;
using Rollcall.Validation;

namespace Rollcall.Api;

/// <summary>Handles the requests that upload the input of a batch in parts.</summary>
/// <param name="intakes">Admits the requests.</param>
public sealed class UploadApi(IUploads uploads, Intakes intakes)
{
    /// <summary>The maximum size of a part of an input: 64 MiB.</summary>
    public const int MaxPartBytes = 64 * 1024 * 1024;

    const int PieceSize = 81_920;

    /// <summary>
    /// Accepts a part of the input of a future batch: <c>PUT /api/batches/{id}/input/{part}</c>. It replaces one with the same number.
    /// </summary>
    /// <param name="id">The id that the batch will have.</param>
    /// <param name="part">The number of the part, from 0.</param>
    /// <returns>204 if it is stored; 400 or 413 if it is invalid; 408, 415 and 429 as for a start.</returns>
    public Task<IResult> PutPartAsync(HttpRequest request, string id, string part) => intakes.AdmitAsync(request, async () =>
    {
        if (QueryNames.FindError(request) is { } unknown)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, unknown);
        }

        if (!BatchManifest.IsValidId(id))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"The id is '{ShortText.Of(id)}': {BatchManifest.IdNeeded}.");
        }

        if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number >= UploadedInput.MaxParts)
        {
            return Problem.Of(
                StatusCodes.Status400BadRequest,
                $"The part is '{ShortText.Of(part)}': a whole number from 0 to {UploadedInput.MaxParts - 1} is needed.");
        }

        await uploads.WriteAsync(id, number, target => CopyPartAsync(request, target), request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    });

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
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"A part of an input may have at most {MaxPartBytes} bytes. Send smaller ones."),
                    StatusCodes.Status413PayloadTooLarge);
            }

            await target.WriteAsync(piece.AsMemory(0, length));
        }
    }
}
