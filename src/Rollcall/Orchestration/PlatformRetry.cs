using Microsoft.DurableTask;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>
/// How an activity is repeated after a failure of the platform: a lost worker process, a function timeout, unreachable storage. A target
/// never makes an activity fail, so these retries are separate from the retries of sending. Damage in the store is not retried.
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
