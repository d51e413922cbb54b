using System.Globalization;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary><c>rollcall serve</c> as a process, which a test can take away and bring back.</summary>
sealed class LocalServer : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rollcall-server-").FullName;
    readonly IReadOnlyDictionary<string, string> variables;
    CliProcess process;

    LocalServer(IReadOnlyDictionary<string, string> variables)
    {
        this.variables = variables;
        process = StartProcess(FreePort.Next());
    }

    public string StateFolder => Path.Combine(folder, "state");

    /// <summary>What it has written since its last start.</summary>
    public string Written => process.Written;

    /// <summary>Without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    public static async Task<LocalServer> StartAsync(IReadOnlyDictionary<string, string>? variables = null)
    {
        var server = new LocalServer(variables ?? new Dictionary<string, string>());
        await server.WaitAsync();
        return server;
    }

    /// <summary>Runs a command of the command line against this server, to its end.</summary>
    public Task<CliResult> RunAsync(params IEnumerable<string> arguments) => CliProcess.RunAsync([.. arguments, "--server", Url]);

    /// <summary>Starts a command of the command line against this server.</summary>
    public CliProcess Begin(params IEnumerable<string> arguments) => CliProcess.Start([.. arguments, "--server", Url]);

    /// <summary>Submits a file and returns the batch's id.</summary>
    public async Task<string> SubmitAsync(string input, string target, params IEnumerable<string> more)
    {
        var result = await RunAsync(["submit", input, "--to", target, .. more]);
        result.RequireExit(0);
        return result.Output.TrimEnd('\n');
    }

    /// <summary>Ends when the process does.</summary>
    public Task ExitAsync() => process.ExitAsync();

    /// <summary>Ends the process as a crash would.</summary>
    public Task KillAsync() => process.KillAsync();

    /// <summary>Starts it again, at the same address and on the same state, with further arguments.</summary>
    public async Task StartAgainAsync(params IEnumerable<string> arguments)
    {
        process.Dispose();
        process = StartProcess(new Uri(Url).Port, arguments);
        await WaitAsync();
    }

    public void Dispose()
    {
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    CliProcess StartProcess(int port, params IEnumerable<string> arguments) =>
        CliProcess.StartWith(
            variables,
            ["serve", "--state", StateFolder, "--port", port.ToString(CultureInfo.InvariantCulture), .. arguments]);

    async Task WaitAsync() => Url = (await process.WaitForOutputAsync("Listening on ")).Split(' ')[2];
}
