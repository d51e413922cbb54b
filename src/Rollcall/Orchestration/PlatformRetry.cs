using Microsoft.DurableTask;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>
/// How an activity is run again when the platform failed it: a lost worker process, a function timeout, storage out of reach. What a
/// target does never fails an activity, so these retries are apart from the retries of sending. What is damaged in the store stays so.
/// </summary>
static class PlatformRetry
{
    public static TaskOptions Options { get; } = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 5,
        firstRetryInterval: TimeSpan.FromSeconds(1),
        backoffCoefficient: 3,
        maxRetryInterval: TimeSpan.FromMinutes(1))
    {
        HandleFailure = failure => !failure.IsCausedBy<DamagedBatchException>(),
    });
}
