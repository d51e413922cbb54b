using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>What a batch's verdict says of a response.</summary>
/// <param name="Failure">Why it is not a success although its status is one; null if it is.</param>
/// <param name="AsksForRetry">Whether the item is to be sent again.</param>
readonly record struct Judgement(string? Failure, bool AsksForRetry);

/// <summary>Judges the responses to a batch.</summary>
sealed class Verdict(VerdictOptions options)
{
    const int MaxDepth = 256;

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };
    static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    // The JSON of a large body takes many times its size in memory, so such bodies are judged one after the other.
    const int LargeBody = 1024 * 1024;

    static readonly SemaphoreSlim Large = new(1);

    readonly StatusSet statuses = StatusSet.Find(options.Success)!;
    readonly BodyCondition? failIf = Parse(options.FailIf);
    readonly BodyCondition? succeedIf = Parse(options.SucceedIf);
    readonly BodyCondition? retryIf = Parse(options.RetryIf);

    /// <summary>What it was made from.</summary>
    public VerdictOptions Options => options;

    /// <summary>Whether a status is a success.</summary>
    public bool IsSuccess(int status) => statuses.Contains(status);

    /// <summary>Judges a body that was received whole.</summary>
    /// <param name="open">Opens a body that is stored.</param>
    public async Task<Judgement> JudgeAsync(ItemBody body, Func<string, Task<Stream?>> open)
    {
        if (failIf is null && succeedIf is null && retryIf is null)
        {
            return default;
        }

        if (body.Bytes < LargeBody)
        {
            return await ReadAsync(body, open);
        }

        await Large.WaitAsync();
        try
        {
            return await ReadAsync(body, open);
        }
        finally
        {
            Large.Release();
        }
    }

    async Task<Judgement> ReadAsync(ItemBody body, Func<string, Task<Stream?>> open)
    {
        if (await FindJsonAsync(body, open, Strict) is { } json)
        {
            using (json)
            {
                return Judge(json.RootElement);
            }
        }

        using var deep = await FindJsonAsync(body, open, AnyDepth);
        string? failure = (deep, succeedIf) switch
        {
            ({ }, _) => $"The body is JSON of more than {MaxDepth} levels, which cannot be judged.",
            (_, { }) => $"The body is not JSON, so that succeedIf ({succeedIf.Text}) is not true.",
            _ => null,
        };
        return new Judgement(failure, AsksForRetry: false);
    }

    static async Task<JsonDocument?> FindJsonAsync(ItemBody body, Func<string, Task<Stream?>> open, JsonDocumentOptions options)
    {
        await using var stream = body.StoredName is { } name
            ? await open(name) ?? throw new IOException($"The response that was stored as '{name}' is gone.")
            : new MemoryStream(body.Text is { } text ? System.Text.Encoding.UTF8.GetBytes(text) : Convert.FromBase64String(body.Base64!));
        try
        {
            return await JsonDocument.ParseAsync(stream, options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    Judgement Judge(JsonElement json)
    {
        // In this order: what is to be sent again is not a failure yet, and a condition that fails is no success.
        if (Test(retryIf, "retryIf", json, out string? error) && error is null)
        {
            return new Judgement($"retryIf ({retryIf!.Text}) is true.", AsksForRetry: true);
        }

        if (error is null && Test(failIf, "failIf", json, out error) && error is null)
        {
            error = $"failIf ({failIf!.Text}) is true.";
        }

        if (error is null && succeedIf is not null && !Test(succeedIf, "succeedIf", json, out error) && error is null)
        {
            error = $"succeedIf ({succeedIf.Text}) is not true.";
        }

        return new Judgement(error, AsksForRetry: false);
    }

    static bool Test(BodyCondition? condition, string name, JsonElement json, out string? error)
    {
        error = null;
        try
        {
            return condition?.IsTrue(json) == true;
        }
        catch (FormatException exception)
        {
            error = $"{name} ({condition!.Text}) {exception.Message}";
            return false;
        }
    }

    static BodyCondition? Parse(string? text) => text is null ? null : BodyCondition.Parse(text);
}
