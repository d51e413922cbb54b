namespace Rollcall.Sqlite.Tests.Hosting;

/// <summary>Events of one orchestration: those that wait for an event, and those that wait to be asked for.</summary>
sealed class InlineEvents
{
    readonly Dictionary<string, Queue<string>> raised = [];
    readonly Dictionary<string, Queue<TaskCompletionSource<string>>> waiting = [];

    public Task<string> Wait(string name)
    {
        if (raised.TryGetValue(name, out var events) && events.TryDequeue(out string? input))
        {
            return Task.FromResult(input);
        }

        var wait = new TaskCompletionSource<string>();
        if (!waiting.TryGetValue(name, out var waits))
        {
            waiting[name] = waits = new();
        }

        waits.Enqueue(wait);
        return wait.Task;
    }

    public void Raise(string name, string input)
    {
        if (waiting.TryGetValue(name, out var waits) && waits.TryDequeue(out var wait))
        {
            wait.SetResult(input);
            return;
        }

        if (!raised.TryGetValue(name, out var events))
        {
            raised[name] = events = new();
        }

        events.Enqueue(input);
    }
}
