using DurableTask.Core;
using Newtonsoft.Json;

namespace Rollcall.Sqlite.Tests.Hosting;

/// <summary>An orchestration that is a function. Events that nobody waits for yet are kept.</summary>
sealed class InlineOrchestration<TInput, TOutput>(Func<InlineContext, TInput, Task<TOutput>> run) : TaskOrchestration
{
    readonly InlineEvents events = new();
    InlineContext? inline;

    public override async Task<string> Execute(OrchestrationContext context, string input)
    {
        inline = new InlineContext(context, events);
        return JsonConvert.SerializeObject(await run(inline, JsonConvert.DeserializeObject<TInput>(input ?? "null")!));
    }

    public override void RaiseEvent(OrchestrationContext context, string name, string input) => events.Raise(name, input);

    public override string GetStatus() => inline?.Status!;
}
