using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="SendNotice"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Run">The run that ended, from 1.</param>
/// <param name="Channel">The way that the notice takes.</param>
/// <param name="Attempts">The attempts that were made on it before.</param>
public sealed record SendNoticeInput(string BatchId, int Run, NoticeChannel Channel, IReadOnlyList<NoticeAttempt> Attempts);
