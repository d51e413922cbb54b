using Microsoft.Extensions.DependencyInjection;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Storage;

namespace Rollcall.Cli.Engine;

/// <summary>What the core stands on in this process.</summary>
static class EngineServices
{
    /// <summary>Adds it.</summary>
    /// <param name="store">Where the batches are.</param>
    /// <param name="slots">Where the slots of batches with a rate are taken.</param>
    /// <param name="http">Sends the requests.</param>
    public static IServiceCollection AddEngine(
        this IServiceCollection services, EmbeddedEngine engine, FileBatchStore store, MemorySlotLedger slots, HttpClient http) =>
        services
            .AddSingleton<IBatchScheduler>(engine.Scheduler)
            .AddSingleton<IBatchStore>(store)
            .AddSingleton<ISlotLedger>(slots)
            .AddSingleton(engine.SendingStop)
            .AddSingleton(http);
}
