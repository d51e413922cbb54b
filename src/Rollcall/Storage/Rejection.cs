namespace Rollcall.Storage;

/// <summary>A request for a batch that was rejected.</summary>
/// <param name="Id">The request's own id: that of its queue message.</param>
/// <param name="RejectedAt">When it was rejected.</param>
/// <param name="Reason">What was wrong with it.</param>
public sealed record Rejection(string Id, DateTimeOffset RejectedAt, string Reason);
