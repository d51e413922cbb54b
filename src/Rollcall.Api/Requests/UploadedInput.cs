using System.Globalization;
using Rollcall.Storage;
using Rollcall.Streams;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>
/// The input of a batch that was uploaded in parts. It ends with an <see cref="InvalidInputException"/> if a part is missing or incomplete.
/// </summary>
/// <param name="body">The body of the request that starts the batch, which must be empty.</param>
/// <param name="uploads">Where the parts are stored.</param>
/// <param name="parts">The number of parts.</param>
sealed class UploadedInput(Stream body, IUploads uploads, string batchId, int parts) : ReadOnlyStream(body)
{
    /// <summary>The maximum number of parts of an input.</summary>
    public const int MaxParts = 10_000;

    /// <summary>The parameter that says how many parts the input has.</summary>
    public const string PartsParameter = "inputParts";

    Stream? part;
    int next;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (next == 0 && await Below.ReadAsync(new byte[1], cancellationToken) > 0)
        {
            throw Wrong("and the request has lines of its own: the items come from one of the two.");
        }

        while (part is not null || next < parts)
        {
            try
            {
                part ??= await uploads.FindAsync(batchId, next++, cancellationToken)
                    ?? throw Wrong(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"and part {next - 1} did not come. Send it, and start the batch again."));
                int read = await part.ReadAsync(buffer, cancellationToken);
                if (read > 0 || buffer.IsEmpty)
                {
                    return read;
                }
            }
            catch (DamagedDataException exception)
            {
                throw Wrong($"and one is damaged: {exception.Message} Send it again, and start the batch again.");
            }

            await part.DisposeAsync();
            part = null;
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            part?.Dispose();
        }

        base.Dispose(disposing);
    }

    InvalidInputException Wrong(string what) =>
        new(InputError.AtParameter(PartsParameter, string.Create(CultureInfo.InvariantCulture, $"is {parts}, {what}")));
}
