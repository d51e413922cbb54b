using CsCheck;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Orchestrations;

/// <summary>Random programs of clients, restarts and crashes, against a model of what each instance must have taken in.</summary>
public sealed class RandomProgramTests
{
    const string Stop = "stop";

    [Fact]
    public Task Program_OfAnyKind_EndsAsTheModelSays() => Steps.SampleAsync(RunAsync, iter: 60, threads: 1);

    static readonly Gen<(Step Step, int Instance)[]> Steps = Gen.Select(
        Gen.Frequency(
            (4, Gen.Const(Step.Create)),
            (12, Gen.Const(Step.Raise)),
            (1, Gen.Const(Step.Terminate)),
            (1, Gen.Const(Step.Finish)),
            (2, Gen.Const(Step.Suspend)),
            (2, Gen.Const(Step.Resume)),
            (1, Gen.Const(Step.Purge)),
            (1, Gen.Const(Step.Restart)),
            (1, Gen.Const(Step.Crash))),
        Gen.Int[0, 2]).Array[5, 40];

    static async Task RunAsync((Step Step, int Instance)[] program)
    {
        await using var hub = new TestHub().Orchestration<string, string>("Collect", CollectAsync);
        hub.Options = hub.Options with { SessionIdleTimeout = TimeSpan.FromMilliseconds(program.Length % 3) };
        await hub.StartAsync();
        var models = Enumerable.Range(0, 3).Select(i => new Model($"i{i}")).ToArray();
        for (int i = 0; i < program.Length; i++)
        {
            await DoAsync(hub, program[i].Step, models[program[i].Instance], $"{i}");
        }

        foreach (var model in models)
        {
            await DoAsync(hub, Step.Resume, model, "");
            await DoAsync(hub, Step.Finish, model, "");
            var state = await hub.StateOfAsync(model.Id);
            Assert.Equal(model.Outcome, state is null ? null : $"{state.OrchestrationStatus} {state.Output}");
        }
    }

    // Every second item it continues as new, with what it has so far.
    static async Task<string> CollectAsync(InlineContext context, string sofar)
    {
        for (int taken = 0; taken < 2; taken++)
        {
            string item = await context.WaitForEvent("item");
            if (item == $"\"{Stop}\"")
            {
                return sofar;
            }

            sofar += item.Trim('"') + ",";
        }

        context.Framework.ContinueAsNew(sofar);
        return sofar;
    }

    static async Task DoAsync(TestHub hub, Step step, Model model, string item)
    {
        var instance = new OrchestrationInstance { InstanceId = model.Id };
        switch (step)
        {
            case Step.Create:
                await CreateAsync(hub, model);
                break;
            case Step.Raise:
                await hub.RaiseAsync(model.Id, "item", item);
                model.Taken += model.IsLive ? item + "," : "";
                break;
            case Step.Suspend:
                await hub.Client.SuspendInstanceAsync(instance, "");
                model.IsSuspended = model.IsLive;
                break;
            case Step.Resume:
                await hub.Client.ResumeInstanceAsync(instance, "");
                model.IsSuspended = false;
                break;
            case Step.Terminate:
                await hub.Client.TerminateInstanceAsync(instance, "enough");
                await EndAsync(hub, model, "Terminated enough");
                break;
            case Step.Finish when !model.IsSuspended:
                await hub.RaiseAsync(model.Id, "item", Stop);
                await EndAsync(hub, model, $"Completed \"{model.Taken}\"");
                break;
            case Step.Purge:
                var purged = await hub.Service.PurgeInstanceStateAsync(model.Id);
                Assert.Equal(model is { IsLive: false, Outcome: not null } ? 1 : 0, purged.DeletedInstanceCount);
                model.Outcome = model.IsLive ? model.Outcome : null;
                break;
            case Step.Restart:
                await hub.RestartAsync();
                break;
            case Step.Crash:
                await hub.CrashAsync();
                await hub.StartAsync();
                break;
            default:
                break;
        }
    }

    static async Task CreateAsync(TestHub hub, Model model)
    {
        try
        {
            await hub.CreateAsync("Collect", model.Id, "");
            Assert.False(model.IsLive);
            model.IsLive = true;
            model.Taken = "";
        }
        catch (OrchestrationAlreadyExistsException)
        {
            Assert.True(model.IsLive);
        }
    }

    static async Task EndAsync(TestHub hub, Model model, string outcome)
    {
        if (!model.IsLive)
        {
            return;
        }

        await hub.EndOfAsync(model.Id);
        model.IsLive = false;
        model.IsSuspended = false;
        model.Outcome = outcome;
    }

    enum Step
    {
        Create,
        Raise,
        Terminate,
        Finish,
        Suspend,
        Resume,
        Purge,
        Restart,
        Crash,
    }

    sealed class Model(string id)
    {
        public string Id => id;

        public bool IsLive { get; set; }

        public bool IsSuspended { get; set; }

        public string Taken { get; set; } = "";

        public string? Outcome { get; set; }
    }
}
