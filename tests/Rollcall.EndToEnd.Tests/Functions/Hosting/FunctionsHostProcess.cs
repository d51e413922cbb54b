using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>
/// The Function App in its host, as a process with the app's worker as its child. It can be ended in every way and started again.
/// </summary>
sealed partial class FunctionsHostProcess : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    readonly ProcessStartInfo start;
    Process? process;
    LineLog? output;
    LineLog? errors;

    FunctionsHostProcess(ProcessStartInfo start) => this.start = start;

    /// <summary>The app's address, which is another one after each start.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>What the host and the worker have written since the last start.</summary>
    public string Output => $"{output?.Text}{errors?.Text}";

    /// <summary>Starts the app.</summary>
    /// <param name="connectionString">The storage account.</param>
    /// <param name="app">The app's folder; the build's if it is null.</param>
    /// <param name="settings">Settings of the app.</param>
    public static async Task<FunctionsHostProcess> StartAsync(
        string connectionString,
        string? app = null,
        params IEnumerable<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Host, app ?? Repository.App, ""])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Signal.Heed(start);

        // The tests' targets are on this machine. What a test sets itself comes later and wins.
        foreach (var (name, value) in settings
            .Prepend(("Rollcall__PrivateTargets", "127.0.0.0/8,::1"))
            .Append(("AzureWebJobsStorage", connectionString)))
        {
            start.Environment[name] = value;
        }

        var host = new FunctionsHostProcess(start);
        try
        {
            await host.StartAgainAsync();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        return host;
    }

    /// <summary>Starts the app on the same storage account, after it was ended.</summary>
    /// <param name="settings">Settings of the app, from now on.</param>
    public async Task StartAgainAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        // Not any free port: the host listens some time after it has taken it, and until then the kernel may give it to somebody else.
        start.ArgumentList[^1] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        process?.Dispose();
        process = Process.Start(start)!;
        output = new LineLog(process.StandardOutput);
        errors = new LineLog(process.StandardError);
        try
        {
            Url = new Uri(Address().Match(await output.WaitForAsync("Listening on http://127.0.0.1:")).Value);
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            throw new InvalidOperationException($"The Functions host did not start.\n{Output}", exception);
        }

        await WaitForHealthAsync();
    }

    /// <summary>
    /// Asks the host to stop: with SIGTERM as the platform does, with SIGINT as Ctrl-C in a terminal does, which reaches the worker too.
    /// </summary>
    public void RequestStop(int signal = Signal.Terminate)
    {
        int[] workers = signal == Signal.Interrupt ? [.. FindWorkers()] : [];
        foreach (int id in workers.Append(process!.Id))
        {
            Signal.Send(id, signal);
        }
    }

    public async Task WaitForStopAsync()
    {
        await Eventually.BeTrueAsync("the host stops", StopLimit, () => Task.FromResult(process!.HasExited));
        Assert.True(process!.ExitCode == 0, $"The host stopped with exit code {process.ExitCode}.\n{Output}");
    }

    /// <summary>Ends the worker as a crash would, and waits until the host has started another, which responds.</summary>
    public async Task KillWorkerAsync()
    {
        await CrashWorkerAsync();
        await WaitForHealthAsync();
    }

    /// <summary>Ends the worker as a crash would, and waits until the host has started another process in its place.</summary>
    public async Task CrashWorkerAsync()
    {
        int worker = FindWorkers().Single();
        Signal.Send(worker, Signal.Kill);
        await Eventually.BeTrueAsync("the host starts another worker", StartLimit, () =>
            Task.FromResult(FindWorkers().Any(found => found != worker)));
    }

    /// <summary>Ends when the host does.</summary>
    public Task ExitAsync() => process!.WaitForExitAsync();

    /// <summary>Ends the host and its worker as a power cut would.</summary>
    public async Task KillAsync()
    {
        int[] workers = [.. FindWorkers()];
        process!.Kill();
        await process.WaitForExitAsync();
        foreach (int worker in workers)
        {
            // Where the kernel has ended it together with the host, it is gone.
            Signal.TrySend(worker, Signal.Kill);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null)
        {
            return;
        }

        if (!process.HasExited)
        {
            await KillAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine(Output);
        process.Dispose();
    }

    async Task WaitForHealthAsync()
    {
        using var client = new HttpClient { BaseAddress = Url };
        await Eventually.BeTrueAsync("the app answers /api/health", StartLimit, async () =>
        {
            using var response = await client.GetAsync(new Uri("api/health", UriKind.Relative), TestContext.Current.CancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        });
    }

    IEnumerable<int> FindWorkers()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && FindParent(folder) == process!.Id)
            {
                yield return id;
            }
        }
    }

    static int? FindParent(string folder)
    {
        try
        {
            // "pid (name) state ppid ...": the name may have spaces and brackets in it.
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The process ended while it was looked at.
            return null;
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
