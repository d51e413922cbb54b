using Rollcall.Batches;

namespace Rollcall.Api.Answers;

/// <summary>The states of batches that have ended.</summary>
static class EndedStates
{
    static readonly Dictionary<EndKind, BatchState> States = new()
    {
        [EndKind.Completed] = BatchState.Completed,
        [EndKind.Cancelled] = BatchState.Cancelled,
        [EndKind.Expired] = BatchState.Expired,
        [EndKind.Failed] = BatchState.Failed,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<BatchState> All => States.Values;

    public static BatchState StateOf(EndKind kind) => States[kind];

    /// <summary>How a batch in a state ended; null if it has not ended.</summary>
    public static EndKind? KindOf(BatchState state) =>
        States.Where(pair => pair.Value == state).Select(pair => (EndKind?)pair.Key).FirstOrDefault();
}
