using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="WriteNotice"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Run">The run, from 1.</param>
/// <param name="Status">What became of its notice.</param>
public sealed record NoticeRecord(string BatchId, int Run, NoticeStatus Status);
