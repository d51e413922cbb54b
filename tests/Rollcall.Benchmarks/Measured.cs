using System.Diagnostics;
using System.Globalization;

namespace Rollcall.Benchmarks;

/// <summary>What one run of a command took.</summary>
/// <param name="Seconds">From start to exit.</param>
/// <param name="PeakBytes">The most memory that was resident, as the kernel counted it.</param>
sealed record Measured(double Seconds, long PeakBytes)
{
    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">The command did not exit with 0.</exception>
    public static async Task<Measured> RunAsync(string file, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        long peak = 0;
        var exit = process.WaitForExitAsync();
        using (var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            while (!exit.IsCompleted)
            {
                peak = Math.Max(peak, PeakOf(process.Id));
                await Task.WhenAny(exit, poll.WaitForNextTickAsync().AsTask());
            }
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0
            ? new Measured(seconds, peak)
            : throw new InvalidOperationException($"{file} {string.Join(' ', start.ArgumentList)} exited with {process.ExitCode}: {await output}{await errors}");
    }

    // Linux only: the high-water mark, which no poll can miss before it.
    static long PeakOf(int processId)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan(6, line.Length - 9), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The process has just ended: what was read before stands.
            return 0;
        }
    }
}
