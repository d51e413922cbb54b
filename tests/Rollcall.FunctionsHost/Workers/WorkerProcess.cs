using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>The process of one worker.</summary>
sealed class WorkerProcess : IDisposable
{
    const int KeptLines = 40;
    const string Guard = "/usr/bin/setpriv";

    readonly Process process;
    readonly ConcurrentQueue<string> errors = new();
    readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    WorkerProcess(ProcessStartInfo info)
    {
        process = new Process { StartInfo = info };
        process.OutputDataReceived += (_, line) => Console.Out.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => KeepError(line.Data);
    }

    public int Id { get; private set; }

    /// <summary>Ends with the exit code.</summary>
    public Task<int> Exited => exited.Task;

    /// <summary>The last lines that the worker wrote to its standard error.</summary>
    public string LastErrors => string.Join('\n', errors);

    public static async Task<WorkerProcess> StartAsync(AppFolder app, Uri server, string workerId)
    {
        var worker = new WorkerProcess(CreateStartInfo(app, server, workerId));

        // The kernel's parent-death signal goes by the thread that started the process, so this one stays for as long as the worker does.
        new Thread(worker.Run) { IsBackground = true, Name = "worker process" }.Start();
        await worker.started.Task;
        return worker;
    }

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
        string[] command = OperatingSystem.IsLinux() && File.Exists(Guard)
            ? [Guard, "--pdeathsig", "KILL", app.WorkerExecutable]
            : [app.WorkerExecutable];
        string[] arguments =
        [
            .. command[1..], app.WorkerPath,
            "--host", server.Host, "--port", server.Port.ToString(CultureInfo.InvariantCulture), "--workerId", workerId,
            "--requestId", requestId, "--grpcMaxMessageLength", maxLength,
            "--functions-uri", server.AbsoluteUri, "--functions-worker-id", workerId,
            "--functions-request-id", requestId, "--functions-grpc-max-message-length", maxLength,
        ];
        var info = new ProcessStartInfo(command[0], arguments)
        {
            WorkingDirectory = app.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Remove("ASPNETCORE_URLS");
        return info;
    }

    void Run()
    {
        try
        {
            process.Start();
            Id = process.Id;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            started.SetResult();
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            started.SetException(new HostException($"The worker could not be started: {exception.Message}", exception));
            return;
        }

        process.WaitForExit();
        exited.SetResult(process.ExitCode);
    }

    void KeepError(string? line)
    {
        if (string.IsNullOrEmpty(line))
        {
            return;
        }

        Console.Error.WriteLine(line);
        errors.Enqueue(line);
        while (errors.Count > KeptLines)
        {
            errors.TryDequeue(out _);
        }
    }
}
