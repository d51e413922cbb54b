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

        return await BodyJson.ReadAsync(body, new RecordedBody(body, open).OpenAsync, Judge, JudgeOther);
    }

    Judgement JudgeOther(bool isTooDeep)
    {
        string? failure = (isTooDeep, succeedIf) switch
        {
            (true, _) => $"The body is JSON of more than {BodyJson.MaxDepth} levels, which cannot be judged.",
            (_, { }) => $"The body is not JSON, so that succeedIf ({succeedIf.Text}) is not true.",
            _ => null,
        };
        return new Judgement(failure, AsksForRetry: false);
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
