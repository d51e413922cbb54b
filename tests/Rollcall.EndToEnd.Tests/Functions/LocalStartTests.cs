using System.Diagnostics;
using System.Globalization;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>
/// How <c>npm start</c> looks. The build, which other tests are using, is left out: its <c>dotnet</c> is one that builds nothing.
/// </summary>
public sealed class LocalStartTests : IAsyncLifetime
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    readonly string folder = Directory.CreateTempSubdirectory("rollcall-start-").FullName;
    readonly string port = Number(FreePort.Next());
    readonly string[] storagePorts = [Number(FreePort.Next()), Number(FreePort.Next()), Number(FreePort.Next())];

    string Data => Path.Combine(folder, "data");

    public async ValueTask InitializeAsync()
    {
        await NodeModules.RequireAsync();
        string dotnet = Path.Combine(folder, "dotnet");
        await File.WriteAllTextAsync(
            dotnet,
            $"#!/bin/sh\nPATH=${{PATH#*:}}\n[ \"$1\" = build ] && echo noise && echo \"$2\" >> '{folder}/built' && exit\nexec dotnet "
            + "\"$@\"\n");
        File.SetUnixFileMode(dotnet, File.GetUnixFileMode(dotnet) | UnixFileMode.UserExecute);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Start_UntilTheApiResponds_SaysWhatItDoesAndWhatToOpenAndNothingElse()
    {
        using var start = Start("--without-core-tools");
        var output = new LineLog(start.StandardOutput);
        var errors = new LineLog(start.StandardError);

        await output.WaitForAsync("All requests:");
        using var client = new HttpClient();
        string health = await client.GetStringAsync(new Uri($"http://localhost:{port}/api/health"), TestContext.Current.CancellationToken);
        Signal.Send(start.Id, Signal.Interrupt);
        using var limit = new CancellationTokenSource(Limit);
        await start.WaitForExitAsync(limit.Token);

        Assert.Contains("\"ok\"", health, StringComparison.Ordinal);
        string expected = $"""
            1 of 3  Storage: Azurite on ports {string.Join(", ", storagePorts)}, data in {Data}
            2 of 3  Build: src/Rollcall.Functions
            3 of 3  Host: the tests' stand-in on port {port}
            Ready. Open http://localhost:{port}/api/health
              Send a file:  rollcall submit items.jsonl --to URL --server http://localhost:{port} --watch
              All requests: docs/api.md. Ctrl-C stops the app; the next start resumes where it was.

            """;
        Assert.StartsWith(expected, await output.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("", await errors.ReadToEndAsync());
        Assert.Equal(0, start.ExitCode);
        string[] built = await File.ReadAllLinesAsync(Path.Combine(folder, "built"), TestContext.Current.CancellationToken);
        Assert.Equal(["src/Rollcall.Functions", "tests/Rollcall.FunctionsHost"], built);
    }

    [Fact]
    public async Task Start_WithoutCoreTools_SaysWhatToRunInstead()
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "func"),
            "#!/bin/sh\necho 'func is not whole'\nexit 127\n",
            TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(folder, "func"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var start = Start();
        var output = new LineLog(start.StandardOutput);
        var errors = new LineLog(start.StandardError);
        using var limit = new CancellationTokenSource(Limit);
        await start.WaitForExitAsync(limit.Token);

        Assert.Equal(1, start.ExitCode);
        Assert.Equal(
            "func ended with exit code 127.\nfunc is not whole\nIf Core Tools are not installed: npm run start:without-core-tools\n",
            await errors.ReadToEndAsync());
        Assert.DoesNotContain("Ready", await output.ReadToEndAsync(), StringComparison.Ordinal);
    }

    static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);

    Process Start(params string[] more)
    {
        string script = Path.Combine(Repository.Root, "src", "Rollcall.Functions", "start.mjs");
        var info = new ProcessStartInfo(
            "env",
            [
                "--default-signal=INT",
                "node",
                script,
                "--port",
                port,
                "--storage-ports",
                string.Join(',', storagePorts),
                "--data",
                Data,
                .. more,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
        return NodeModules.Start(info);
    }
}
