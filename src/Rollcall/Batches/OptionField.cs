using System.Text.Json;
using Rollcall.Validation;

namespace Rollcall.Batches;

/// <summary>
/// One of a batch's options: its name, its allowed values, and how it is read from JSON or a query and shown.
/// </summary>
/// <param name="name">The name in the options, including the object that the option is in: <c>retry.maxAttempts</c>.</param>
abstract class OptionField(string name)
{
    /// <summary>Every option.</summary>
    public static IReadOnlyList<OptionField> All { get; } =
    [
        new NumberOption<int>("concurrency", 1, 10_000, o => o.Concurrency, (o, v) => o.Concurrency = v!.Value),
        new NumberOption<double>(
            "ratePerSecond",
            0,
            100_000,
            o => o.RatePerSecond,
            (o, v) => o.RatePerSecond = v) { IsAboveLow = true, IsNullable = true },
        new NumberOption<double>(
            "timeoutSeconds",
            0,
            86_400,
            o => o.TimeoutSeconds,
            (o, v) => o.TimeoutSeconds = v!.Value) { IsAboveLow = true },
        new NumberOption<long>("maxBodyBytes", 1, int.MaxValue, o => o.MaxBodyBytes, (o, v) => o.MaxBodyBytes = v!.Value),
        new FlagOption("followRedirects", o => o.FollowRedirects, (o, v) => o.FollowRedirects = v),
        new FlagOption("keepAlive", o => o.KeepAlive, (o, v) => o.KeepAlive = v),
        new FlagOption("pauseOnRefusal", o => o.PauseOnRefusal, (o, v) => o.PauseOnRefusal = v),

        // Part of the contract: a request that spells out the default is accepted; one with a value that would be ignored is not.
        new NumberOption<int>("itemsPerActivity", 1, 1, o => o.ItemsPerActivity, (o, v) => o.ItemsPerActivity = v!.Value),
        new NumberOption<long>(
            "maxFailedItems",
            0,
            long.MaxValue,
            o => o.MaxFailedItems,
            (o, v) => o.MaxFailedItems = v) { IsNullable = true },
        new NumberOption<double>(
            "maxFailedPercent",
            0,
            100,
            o => o.MaxFailedPercent,
            (o, v) => o.MaxFailedPercent = v) { IsNullable = true },
        new NumberOption<double>(
            "deadlineSeconds",
            0,
            31_622_400,
            o => o.DeadlineSeconds,
            (o, v) => o.DeadlineSeconds = v) { IsAboveLow = true, IsNullable = true },
        new NumberOption<int>("retry.maxAttempts", 1, 100, o => o.Retry.MaxAttempts, (o, v) => o.Retry.MaxAttempts = v!.Value),
        new NumberOption<double>(
            "retry.firstDelaySeconds",
            0,
            3600,
            o => o.Retry.FirstDelaySeconds,
            (o, v) => o.Retry.FirstDelaySeconds = v!.Value),
        new NumberOption<double>(
            "retry.maxDelaySeconds",
            0,
            3600,
            o => o.Retry.MaxDelaySeconds,
            (o, v) => o.Retry.MaxDelaySeconds = v!.Value),
        new NumberOption<double>(
            "retry.maxWaitSeconds",
            0,
            31_622_400,
            o => o.Retry.MaxWaitSeconds,
            (o, v) => o.Retry.MaxWaitSeconds = v!.Value),
        new FlagOption("retry.onTimeout", o => o.Retry.OnTimeout, (o, v) => o.Retry.OnTimeout = v) { Parameter = "retryOnTimeout" },
        new TextOption(
            "verdict.success",
            StatusSet.Needed,
            text => StatusSet.Find(text) is null ? $"is '{ShortText.Of(text)}': {StatusSet.Needed} is needed." : null,
            isNullable: false,
            o => o.Verdict.Success,
            (o, v) => o.Verdict.Success = v!),
        Condition("verdict.failIf", o => o.Verdict.FailIf, (o, v) => o.Verdict.FailIf = v),
        Condition("verdict.succeedIf", o => o.Verdict.SucceedIf, (o, v) => o.Verdict.SucceedIf = v),
        Condition("verdict.retryIf", o => o.Verdict.RetryIf, (o, v) => o.Verdict.RetryIf = v),
        new ExtractOption("record.extract"),
        new HeaderNamesOption("record.keepHeaders"),
        new FlagOption("record.jsonBody", o => o.Record.JsonBody, (o, v) => o.Record = o.Record with { JsonBody = v }),
        new FlagOption("record.withInput", o => o.Record.WithInput, (o, v) => o.Record = o.Record with { WithInput = v }),
    ];

    static TextOption Condition(string name, Func<BatchOptions, string?> get, Action<BatchOptions, string?> set) =>
        new(name, "an expression of JMESPath", FindConditionError, isNullable: true, get, set);

    static string? FindConditionError(string text)
    {
        try
        {
            _ = BodyCondition.Parse(text);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>The name in the options, including the object that the option is in.</summary>
    public string Name { get; } = name;

    /// <summary>The name within that object.</summary>
    public string ShortName => Name[(Name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>The name in a query, which has no objects.</summary>
    public string Parameter
    {
        get => field ?? ShortName;
        init;
    }

    /// <summary>Whether the option cannot change once a batch has begun, because all of its result lines have the same fields.</summary>
    public bool IsFixed => Name.StartsWith("record.", StringComparison.Ordinal);

    /// <summary>The option's JSON Pointer in a request.</summary>
    public string Pointer => "/options/" + Name.Replace('.', '/');

    /// <summary>The allowed values, such as <c>a whole number from 1 to 10000</c>.</summary>
    public abstract string Needed { get; }

    /// <summary>Says what is wrong with the option's current value.</summary>
    /// <returns>The rest of a sentence whose subject is the option, or null.</returns>
    public abstract string? FindError(BatchOptions options);

    /// <summary>Reads the option from JSON.</summary>
    /// <returns>What is wrong with the value, worded like <see cref="FindError"/>; null if it was set.</returns>
    public abstract string? Read(JsonElement value, BatchOptions options);

    /// <summary>Reads the option from a query.</summary>
    /// <returns>What is wrong with the value, worded like <see cref="FindError"/>; null if it was set.</returns>
    public abstract string? Read(string value, BatchOptions options);

    /// <summary>The option as JSON has it.</summary>
    public string TextOf(BatchOptions options) => FindText(options) ?? "null";

    /// <summary>The option as a query has it; null if it is not set.</summary>
    public abstract string? FindText(BatchOptions options);
}
