using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The limits that a request sets for a running batch.</summary>
sealed class BatchLimits
{
    const int MaxBytes = 64 * 1024;

    static readonly string[] Names = ["concurrency", "ratePerSecond"];
    static readonly IReadOnlyList<OptionField> Known = [.. OptionField.All.Where(option => Names.Contains(option.Name))];

    readonly BatchOptions options = new();
    readonly HashSet<string> given = new(StringComparer.Ordinal);

    /// <summary>Reads the limits.</summary>
    /// <param name="request">The request, whose body is an object with one or both of them.</param>
    /// <exception cref="InvalidInputException">The body is invalid.</exception>
    /// <exception cref="BadHttpRequestException">The body could not be read, or is too long.</exception>
    public static async Task<BatchLimits> ReadAsync(HttpRequest request)
    {
        byte[] json = new byte[MaxBytes + 1];
        int length = await request.Body.ReadAtLeastAsync(json, json.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length > MaxBytes)
        {
            throw new BadHttpRequestException(
                $"The request may have at most {MaxBytes} bytes.",
                StatusCodes.Status413PayloadTooLarge);
        }

        return Read(json.AsMemory(0, length));
    }

    /// <summary>Applies the limits to a control.</summary>
    public BatchControl Apply(BatchControl control) => control.Bounded(
        given.Contains(Names[0]) ? options.Concurrency : control.Concurrency,
        given.Contains(Names[1]) ? options.RatePerSecond : control.RatePerSecond);

    static BatchLimits Read(ReadOnlyMemory<byte> json)
    {
        json = json[ByteOrderMark.LengthIn(json.Span)..];
        if (!Utf8.IsValid(json.Span))
        {
            throw new InvalidInputException(InputError.AtField("", "is not valid UTF-8."));
        }

        var bounds = new BatchLimits();
        var errors = new InputErrorList();
        try
        {
            using var document = JsonDocument.Parse(json);
            var body = new JsonField(document.RootElement, "", errors);
            if (
                body.ReadFields(
                    [.. Known.Select(option => (option.Name, (Action<JsonField>)(field => bounds.Read(option, field))))]) is not null
                && errors.Count == 0 && bounds.given.Count == 0)
            {
                errors.Add(InputError.AtField("", "changes nothing: \"concurrency\", \"ratePerSecond\" or both are needed."));
            }
        }
        catch (JsonException exception)
        {
            errors.Add(InputError.AtField("", $"is not JSON: {JsonFault.Describe(exception, json.Span)}"));
        }

        errors.ThrowIfAny();
        return bounds;
    }

    void Read(OptionField option, JsonField field)
    {
        field.Refuse(option.Read(field.Value, options));
        given.Add(option.Name);
    }
}
