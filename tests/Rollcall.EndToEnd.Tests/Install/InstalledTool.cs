using System.Diagnostics;
using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Install;

/// <summary>
/// The tool that <c>dotnet tool install</c> makes of what <c>dotnet pack</c> makes of this build, in a home folder of its own.
/// </summary>
public sealed class InstalledTool : IAsyncLifetime
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    readonly string home = Directory.CreateTempSubdirectory("rollcall-tool-").FullName;

    /// <summary>The folder with the packages.</summary>
    public string Packages => Path.Combine(home, "packages");

    public async ValueTask InitializeAsync()
    {
        // What was built for the tests is packed as it is, because one more build would take most of a minute.
        foreach (string project in (string[])["Rollcall.Cli", "Rollcall.Sqlite"])
        {
            string path = Path.Combine(Repository.Root, "src", project);
            (
                await RunAsync(
                    "dotnet",
                    "pack",
                    path,
                    "--no-build",
                    "-c",
                    Repository.Configuration,
                    "-o",
                    Packages,
                    "--disable-build-servers")).RequireExit(0);
        }

        string install = Readme.Commands("Install").Single(line => line.StartsWith("dotnet tool install", StringComparison.Ordinal));
        (await ShellAsync(install.Replace(" artifacts", $" '{Packages}'", StringComparison.Ordinal))).RequireExit(0);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(home, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a script in bash, with <c>rollcall</c> where the installation has put it.</summary>
    internal Task<CliResult> ShellAsync(string script) => RunAsync("bash", "-c", script);

    async Task<CliResult> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            program,
            arguments)
        { WorkingDirectory = home, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_HOME"] = home;
        start.Environment["PATH"] = $"{Path.Combine(home, ".dotnet", "tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = new LineLog(process.StandardOutput);
        var errors = new LineLog(process.StandardError);
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        return new CliResult(process.ExitCode, await output.ReadToEndAsync(), await errors.ReadToEndAsync());
    }
}
