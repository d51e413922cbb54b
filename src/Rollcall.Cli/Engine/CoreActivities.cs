using Microsoft.DurableTask;
using Rollcall.Notices;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Cli.Engine;

/// <summary>Creates the core's activities for the engine.</summary>
static class CoreActivities
{
    /// <summary>Creates them.</summary>
    /// <param name="store">Where the batches are.</param>
    /// <param name="http">Sends the requests.</param>
    /// <param name="secrets">Finds the values of secret headers.</param>
    /// <param name="keys">Finds the keys that sign notices.</param>
    /// <param name="slots">Gives batches with a rate their slots.</param>
    /// <param name="controls">Keeps what may change in a batch.</param>
    /// <param name="scheduler">Schedules the notices of batch ends.</param>
    /// <param name="shortage">Knows which resources this machine has run out of.</param>
    /// <param name="progress">Receives the outcomes, if the process runs only one batch.</param>
    /// <param name="telemetry">Receives the metrics and traces.</param>
    /// <returns>The activities, by name.</returns>
    public static Dictionary<string, ITaskActivity> Create(
        IBatchStore store,
        HttpClient http,
        SecretLookup secrets,
        SecretLookup keys,
        ISlotLedger slots,
        BatchControls controls,
        IBatchScheduler scheduler,
        TimeProvider time,
        LocalShortage? shortage = null,
        BatchProgress? progress = null,
        BatchTelemetry? telemetry = null)
    {
        var sender = new ItemSender(
            http,
            store,
            secrets,
            time,
            Random.Shared.NextDouble,
            controls.GetRulesAsync,
            slots,
            shortage: shortage,
            telemetry: telemetry);
        return new Dictionary<string, ITaskActivity>
        {
            [nameof(PostItem)] = new PostItem(store, sender, controls, time, progress),
            [nameof(WriteShard)] = new WriteShard(store, progress, telemetry),
            [nameof(WriteUnsent)] = new WriteUnsent(store, progress, telemetry),
            [nameof(SealBatch)] = new SealBatch(store, controls, time, telemetry),
            [nameof(FindWritten)] = new FindWritten(store, controls),
            [nameof(SelectItems)] = new SelectItems(store, controls),
            [nameof(StopBatch)] = new StopBatch(store, controls, time),
            [nameof(StartNotice)] = new StartNotice(store, scheduler),
            [nameof(SendNotice)] = new SendNotice(store, new NoticeSender(http, keys, time, Random.Shared.NextDouble), scheduler),
            [nameof(WriteNotice)] = new WriteNotice(store),
        };
    }
}
