using System.Diagnostics;
using System.Globalization;

namespace Rollcall.Benchmarks;

/// <summary>What one run of a command took.</summary>
/// <param name="Seconds">From start to exit.</param>
/// <param name="ProcessorSeconds">On all cores, without what other processes had: to a fiftieth of a second.</param>
/// <param name="PeakBytes">The most memory that was resident, as the kernel counted it.</param>
sealed record Measured(double Seconds, double ProcessorSeconds, long PeakBytes)
{
    const double TicksPerSecond = 100;

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
        double processor = 0;
        var exit = process.WaitForExitAsync();
        using (var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            while (!exit.IsCompleted)
            {
                peak = Math.Max(peak, PeakOf(process.Id));
                processor = Math.Max(processor, ProcessorOf(process.Id));
                await Task.WhenAny(exit, poll.WaitForNextTickAsync().AsTask());
            }
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0
            ? new Measured(seconds, processor, peak)
            : throw new InvalidOperationException(
                $"{file} {string.Join(' ', start.ArgumentList)} exited with {process.ExitCode}: {await output}{await errors}");
    }

    // Linux only: proc(5), utime and stime, which are the 12th and the 13th field behind the name.
    static double ProcessorOf(int processId)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11..13].Sum(
                ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    // Linux only: the high-water mark, which no poll can miss before it.
    static long PeakOf(int processId)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(
                l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan(6, line.Length - 9), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The process has just ended: what was read before stands.
            return 0;
        }
    }
}
