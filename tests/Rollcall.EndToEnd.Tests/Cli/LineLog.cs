using System.Text;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Collects a stream's lines, and lets a test wait for one.</summary>
sealed class LineLog
{
    readonly Lock gate = new();
    readonly StringBuilder text = new();
    readonly List<(string Wanted, TaskCompletionSource<string> Found)> waiting = [];
    readonly List<string> lines = [];
    readonly Task end;

    public LineLog(StreamReader reader) => end = CollectAsync(reader);

    public async Task<string> WaitForAsync(string wanted)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (lines.Find(line => line.Contains(wanted, StringComparison.Ordinal)) is { } known)
            {
                return known;
            }

            waiting.Add((wanted, found));
        }

        return await found.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    public async Task<string> ReadToEndAsync()
    {
        await end;
        return text.ToString();
    }

    async Task CollectAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (gate)
            {
                lines.Add(line);
                text.Append(line).Append('\n');
                foreach (var (_, found) in waiting.Where(w => line.Contains(w.Wanted, StringComparison.Ordinal)))
                {
                    found.TrySetResult(line);
                }
            }
        }
    }
}
