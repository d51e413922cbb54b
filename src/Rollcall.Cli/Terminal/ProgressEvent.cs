namespace Rollcall.Cli.Terminal;

/// <summary>A line of <c>--json</c> during a run.</summary>
/// <param name="Items">The number of items.</param>
/// <param name="Done">The number with an outcome.</param>
/// <param name="Succeeded">The number that succeeded.</param>
/// <param name="Failed">The number that failed.</param>
/// <param name="ByErrorCode">The failures by code.</param>
/// <param name="PerSecond">Recent items per second.</param>
/// <param name="SecondsLeft">The time that the rest takes at that rate.</param>
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
