namespace Rollcall.Cli.Terminal;

/// <summary>A line of <c>--json</c> while a run goes on.</summary>
/// <param name="Items">How many items there are.</param>
/// <param name="Done">How many have an outcome.</param>
/// <param name="Succeeded">How many of them succeeded.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="ByErrorCode">The failures by code.</param>
/// <param name="PerSecond">Items per second of late.</param>
/// <param name="SecondsLeft">How long the rest takes at that rate.</param>
sealed record ProgressEvent(
    long Items,
    long Done,
    long Succeeded,
    long Failed,
    IReadOnlyDictionary<string, long> ByErrorCode,
    double PerSecond,
    double? SecondsLeft)
{
    public string Type { get; } = "progress";
}
