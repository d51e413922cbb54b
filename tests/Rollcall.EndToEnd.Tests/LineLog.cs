using System.Text;

namespace Rollcall.EndToEnd.Tests;

/// <summary>Collects a stream's lines, and lets a test wait for one.</summary>
sealed class LineLog
{
    readonly Lock gate = new();
    readonly StringBuilder text = new();
    readonly List<(string Wanted, TaskCompletionSource<string> Found)> waiting = [];
    readonly List<string> lines = [];
    readonly Task end;
    bool hasEnded;

    public LineLog(StreamReader reader) => end = CollectAsync(reader);

    /// <summary>What was written up to now.</summary>
    public string Text
    {
        get
        {
            lock (gate)
            {
                return text.ToString();
            }
        }
    }

    /// <summary>Waits for a line that has the text.</summary>
    public async Task<string> WaitForAsync(string wanted)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (lines.Find(line => line.Contains(wanted, StringComparison.Ordinal)) is { } known)
            {
                return known;
            }

            if (hasEnded)
            {
                throw EndedWithout(wanted);
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

        lock (gate)
        {
            hasEnded = true;
            foreach (var (wanted, found) in waiting)
            {
                found.TrySetException(EndedWithout(wanted));
            }
        }
    }

    InvalidOperationException EndedWithout(string wanted) => new($"The output ended without a line that has '{wanted}':\n{text}");
}
