namespace Rollcall.Api.Answers;

/// <summary>A page of the list of batches.</summary>
/// <param name="Batches">The batches, newest first.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null after the last one.</param>
public sealed record BatchPage(IReadOnlyList<BatchStatus> Batches, string? Next);
