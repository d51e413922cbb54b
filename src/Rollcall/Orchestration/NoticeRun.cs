using System.Globalization;
using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="NoticeOrchestrator"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Run">The run that ended, from 1.</param>
/// <param name="HasWebhook">Whether a webhook is told.</param>
/// <param name="HasQueue">Whether a queue is told.</param>
public sealed record NoticeRun(string BatchId, int Run, bool HasWebhook, bool HasQueue)
{
    /// <summary>The id of the orchestration.</summary>
    public string InstanceId => InstanceIdOf(BatchId, Run);

    /// <summary>The notice of a run of a batch.</summary>
    /// <param name="manifest">The batch.</param>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The input of its orchestration.</returns>
    public static NoticeRun Of(BatchManifest manifest, int run) =>
        new(manifest.Id, run, manifest.OnCompleted?.Webhook is not null, manifest.OnCompleted?.Queue is not null);

    /// <summary>The id of a notice's orchestration.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The id.</returns>
    public static string InstanceIdOf(string batchId, int run) => string.Create(CultureInfo.InvariantCulture, $"{batchId}.notice.{run}");
}
