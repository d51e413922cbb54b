namespace Rollcall.Batches;

/// <summary>Which responses are successes.</summary>
/// <remarks>The properties have setters because source-generated JSON would not apply defaults to <c>init</c> properties.</remarks>
public sealed record VerdictOptions
{
    /// <summary>The statuses that are successes, as <see cref="StatusSet"/> reads them.</summary>
    public string Success { get; set; } = StatusSet.Default;

    /// <summary>A condition on the JSON of the body, as <see cref="BodyCondition"/> reads it. If it is true, the item failed.</summary>
    public string? FailIf { get; set; }

    /// <summary>A condition as <see cref="FailIf"/>. If it is not true, or the body is not JSON, the item failed.</summary>
    public string? SucceedIf { get; set; }

    /// <summary>A condition as <see cref="FailIf"/>. If it is true, the item is sent again as after a 503, whatever the status.</summary>
    public string? RetryIf { get; set; }
}
