using Rollcall.Batches;

namespace Rollcall.Api.Responses;

/// <summary>The states of batches that have ended.</summary>
static class EndedStates
{
    static readonly (EndKind Kind, BatchState State)[] States =
    [
        (EndKind.Completed, BatchState.Completed),
        (EndKind.Cancelled, BatchState.Cancelled),
        (EndKind.Expired, BatchState.Expired),
        (EndKind.Failed, BatchState.Failed),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BatchState> All { get; } = [.. States.Select(pair => pair.State)];

    public static BatchState StateOf(EndKind kind) => States.Single(pair => pair.Kind == kind).State;

    /// <summary>How a batch in a state ended; null if it has not ended.</summary>
    public static EndKind? KindOf(BatchState state) =>
        States.Where(pair => pair.State == state).Select(pair => (EndKind?)pair.Kind).FirstOrDefault();
}
