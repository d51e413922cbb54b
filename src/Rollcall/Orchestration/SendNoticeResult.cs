using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>The output of <see cref="SendNotice"/>.</summary>
/// <param name="Delivery">What became of the notice on its way.</param>
/// <param name="RetryAfterSeconds">After how many seconds it is sent again; null where it is not.</param>
public sealed record SendNoticeResult(NoticeDelivery Delivery, double? RetryAfterSeconds);
