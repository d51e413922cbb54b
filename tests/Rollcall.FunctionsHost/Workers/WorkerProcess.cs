using System.Diagnostics;
using System.Globalization;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>The process of one worker. It writes to this process's own standard output and error.</summary>
sealed class WorkerProcess
{
    const string Guard = "/usr/bin/setpriv";

    public WorkerProcess(AppFolder app, Uri server)
    {
        // The kernel's parent-death signal goes by the thread that started the process, so a thread of its own waits for the end.
        var info = CreateStartInfo(app, server);
        Exited = Task.Factory.StartNew(() => Run(info), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>By what name the worker calls the server.</summary>
    public string WorkerId { get; } = Guid.NewGuid().ToString();

    /// <summary>The process id, once the worker has called.</summary>
    public int Id { get; private set; }

    /// <summary>Ends with the exit code.</summary>
    public Task<int> Exited { get; }

    /// <summary>Waits for the worker to end by itself, and kills it after the grace time.</summary>
    public async Task EndAsync(TimeSpan grace)
    {
        await Task.WhenAny(Exited, Task.Delay(grace));
        if (!Exited.IsCompleted)
        {
            using var process = Process.GetProcessById(Id);
            process.Kill(entireProcessTree: true);
            await Exited;
        }
    }

    ProcessStartInfo CreateStartInfo(AppFolder app, Uri server)
    {
        string requestId = Guid.NewGuid().ToString();
        string maxLength = int.MaxValue.ToString(CultureInfo.InvariantCulture);

        // A host that is killed outright must not leave its worker behind. On Linux the worker asks the kernel to be killed with it:
        // setpriv sets that and then becomes the worker, which keeps its process id.
        string[] guard = OperatingSystem.IsLinux() && File.Exists(Guard) ? [Guard, "--pdeathsig", "KILL"] : [];
        string[] command =
        [
            .. guard, app.WorkerExecutable, app.WorkerPath,
            "--host", server.Host, "--port", server.Port.ToString(CultureInfo.InvariantCulture), "--workerId", WorkerId,
            "--requestId", requestId, "--grpcMaxMessageLength", maxLength,
            "--functions-uri", server.AbsoluteUri, "--functions-worker-id", WorkerId,
            "--functions-request-id", requestId, "--functions-grpc-max-message-length", maxLength,
        ];
        var info = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = app.Root };
        info.Environment.Remove("ASPNETCORE_URLS");
        return info;
    }

    int Run(ProcessStartInfo info)
    {
        using var process = Process.Start(info)!;
        Id = process.Id;
        process.WaitForExit();
        return process.ExitCode;
    }
}
