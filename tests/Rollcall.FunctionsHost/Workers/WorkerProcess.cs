using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>The process of one worker. It writes to this process's own standard output and error.</summary>
sealed class WorkerProcess : IDisposable
{
    const string Guard = "/usr/bin/setpriv";

    readonly Process process;

    /// <summary>Starts the worker.</summary>
    /// <param name="app">The app.</param>
    /// <param name="server">Where the worker protocol is served.</param>
    /// <param name="workerId">By what name the worker calls there.</param>
    public WorkerProcess(AppFolder app, Uri server, string workerId)
    {
        process = new Process { StartInfo = CreateStartInfo(app, server, workerId) };

        // The kernel's parent-death signal goes by the thread that started the process, so a thread of its own waits for the end.
        Exited = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The process id, once the worker has called.</summary>
    public int Id => process.Id;

    /// <summary>Ends with the exit code.</summary>
    public Task<int> Exited { get; }

    /// <summary>Waits for the worker to end by itself, and kills it after the grace time.</summary>
    public async Task EndAsync(TimeSpan grace)
    {
        try
        {
            await Exited.WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await Exited;
        }
    }

    public void Dispose() => process.Dispose();

    static ProcessStartInfo CreateStartInfo(AppFolder app, Uri server, string workerId)
    {
        string requestId = Guid.NewGuid().ToString();
        string maxLength = int.MaxValue.ToString(CultureInfo.InvariantCulture);

        // A host that is killed outright must not leave its worker behind. On Linux the worker asks the kernel to be killed with it:
        // setpriv sets that and then becomes the worker, which keeps its process id.
        string[] guard = OperatingSystem.IsLinux() && File.Exists(Guard) ? [Guard, "--pdeathsig", "KILL"] : [];
        string[] command =
        [
            .. guard, app.WorkerExecutable, app.WorkerPath,
            "--host", server.Host, "--port", server.Port.ToString(CultureInfo.InvariantCulture), "--workerId", workerId,
            "--requestId", requestId, "--grpcMaxMessageLength", maxLength,
            "--functions-uri", server.AbsoluteUri, "--functions-worker-id", workerId,
            "--functions-request-id", requestId, "--functions-grpc-max-message-length", maxLength,
        ];
        var info = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = app.Root };
        info.Environment.Remove("ASPNETCORE_URLS");
        return info;
    }

    int Run()
    {
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new HostException($"The worker could not be started: {exception.Message}", exception);
        }

        process.WaitForExit();
        return process.ExitCode;
    }
}
