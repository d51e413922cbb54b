using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Control;
using Rollcall.Intake;

namespace Rollcall.Api;

/// <summary>The bounds that a request gives a batch that runs.</summary>
sealed class BatchBounds
{
    int? concurrency;
    double? ratePerSecond;
    bool hasRate;

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidInputException">The body is not allowed.</exception>
    public static async Task<BatchBounds> ReadAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw Invalid($"The request is not JSON: {exception.Message}");
        }
    }

    /// <summary>The control with these bounds.</summary>
    public BatchControl Apply(BatchControl control) =>
        control.Bounded(concurrency ?? control.Concurrency, hasRate ? ratePerSecond : control.RatePerSecond);

    static BatchBounds Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.EnumerateObject().Any())
        {
            throw Invalid("An object with \"concurrency\", \"ratePerSecond\" or both is needed.");
        }

        var bounds = new BatchBounds();
        foreach (var field in body.EnumerateObject())
        {
            switch (field.Name)
            {
                case "concurrency":
                    bounds.concurrency = field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt32(out int number)
                        ? number
                        : throw Invalid("concurrency is not a whole number: 1 to 10000 is allowed.");
                    break;
                case "ratePerSecond":
                    bounds.hasRate = true;
                    bounds.ratePerSecond = field.Value.ValueKind switch
                    {
                        JsonValueKind.Null => null,
                        JsonValueKind.Number => field.Value.GetDouble(),
                        _ => throw Invalid("ratePerSecond is not a number: above 0 and up to 100000, or null, is allowed."),
                    };
                    break;
                default:
                    throw Invalid($"The request has the unknown field \"{field.Name}\": \"concurrency\" and \"ratePerSecond\" are allowed.");
            }
        }

        var options = new BatchOptions { RatePerSecond = bounds.ratePerSecond };
        options.Concurrency = bounds.concurrency ?? options.Concurrency;
        return options.FindError() is { } error ? throw Invalid(error) : bounds;
    }

    static InvalidInputException Invalid(string message) => new(message, [], 0);
}
