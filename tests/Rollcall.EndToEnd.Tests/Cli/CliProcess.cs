using System.Diagnostics;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>The command line as a process, as a user starts it.</summary>
sealed class CliProcess : IDisposable
{
    /// <summary>What <c>dotnet</c> starts.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "cli", "rollcall.dll");

    readonly Process process;
    readonly LineLog output;
    readonly LineLog errors;

    CliProcess(Process process)
    {
        this.process = process;
        output = new LineLog(process.StandardOutput);
        errors = new LineLog(process.StandardError);
    }

    public bool HasExited => process.HasExited;

    /// <summary>What it has written so far.</summary>
    public string Written => output.Text + errors.Text;

    public static CliProcess Start(params IEnumerable<string> arguments) => StartWith(new Dictionary<string, string>(), arguments);

    /// <summary>Starts it with variables in its environment.</summary>
    public static CliProcess StartWith(IReadOnlyDictionary<string, string> variables, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]);
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Start(start);
    }

    /// <summary>
    /// Starts it with its output in a pipe whose reader takes one line, which is the output here, goes away, and then says <c>gone</c>. The
    /// exit code is written to a file.
    /// </summary>
    public static CliProcess StartBeforeAReaderOfOneLine(string exitCodeFile, params IEnumerable<string> arguments) =>
        StartShell("""{ "$@"; echo $? > "$0"; } | { head -n 1; exec < /dev/null; echo gone; }""", exitCodeFile, arguments);

    /// <summary>Starts a script of a shell, whose arguments are the command line's.</summary>
    public static CliProcess StartShell(string script, string name, params IEnumerable<string> arguments) => Start(
        new ProcessStartInfo("sh", ["-c", script, name, "dotnet", Program, .. arguments]));

    /// <summary>Runs to the end.</summary>
    public static async Task<CliResult> RunAsync(params IEnumerable<string> arguments)
    {
        using var cli = Start(arguments);
        return await cli.WaitAsync();
    }

    /// <summary>Runs to the end with text on standard input.</summary>
    public static async Task<CliResult> RunWithInputAsync(string input, params IEnumerable<string> arguments)
    {
        using var cli = Start(arguments);
        await cli.WriteInputAsync(input);
        return await cli.WaitAsync();
    }

    /// <summary>Writes text to standard input, which stays open.</summary>
    public async Task TypeAsync(string text)
    {
        await process.StandardInput.WriteAsync(text);
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Writes text to standard input and ends it.</summary>
    public async Task WriteInputAsync(string input)
    {
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
    }

    public async Task<CliResult> WaitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        return new CliResult(process.ExitCode, await output.ReadToEndAsync(), await errors.ReadToEndAsync());
    }

    /// <summary>Ends when the process does, however it ends.</summary>
    public Task ExitAsync() => process.WaitForExitAsync();

    /// <summary>Waits for a line of standard output that has the text.</summary>
    public Task<string> WaitForOutputAsync(string text) => output.WaitForAsync(text);

    /// <summary>Waits for a line of standard error that has the text.</summary>
    public Task<string> WaitForErrorAsync(string text) => errors.WaitForAsync(text);

    /// <summary>Ends the process as a power cut would: no code of it runs.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Sends what Ctrl-C sends.</summary>
    public void Interrupt() => SendSignal(Signal.Interrupt);

    /// <summary>Sends a signal.</summary>
    public void SendSignal(int signal) => Signal.Send(process.Id, signal);

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);

            // What it was at in the kernel can still make files in a folder that is about to be deleted.
            process.WaitForExit();
        }

        process.Dispose();
    }

    static CliProcess Start(ProcessStartInfo start)
    {
        Signal.Heed(start);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new CliProcess(Process.Start(start)!);
    }
}
