using System.Diagnostics;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>
/// How the app is started if Core Tools are installed. The <c>func</c> of these tests notes where and how it was started. They build
/// the app's folder, which no other test may be starting from meanwhile.
/// </summary>
[Collection(nameof(CoreToolsTests))]
[CollectionDefinition(nameof(CoreToolsTests), DisableParallelization = true)]
public sealed class CoreToolsTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task NpmRunFunc_WhereCoreToolsAreInstalled_StartsFuncInTheAppsFolder()
    {
        string tools = Directory.CreateTempSubdirectory("rollcall-func-").FullName;
        try
        {
            string log = Path.Combine(tools, "log");
            string func = Path.Combine(tools, "func");
            await File.WriteAllTextAsync(
                func,
                $"#!/bin/sh\n[ \"$1\" = start ] && {{ pwd; ls host.json worker.config.json; }} > {log}\nexit 0\n",
                TestContext.Current.CancellationToken);
            using var chmod = Process.Start("chmod", ["+x", func]);
            await chmod.WaitForExitAsync(TestContext.Current.CancellationToken);

            var info = new ProcessStartInfo("npm", ["run", "--silent", "func"])
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            info.Environment["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
            info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
            using var process = NodeModules.Start(info);
            var output = new LineLog(process.StandardOutput);
            var errors = new LineLog(process.StandardError);
            using var limit = new CancellationTokenSource(Limit);
            await process.WaitForExitAsync(limit.Token);

            Assert.True(process.ExitCode == 0, await output.ReadToEndAsync() + await errors.ReadToEndAsync());
            string app = Path.Combine(Repository.Root, "src", "Rollcall.Functions", "bin", "Debug", "net10.0");
            Assert.Equal(
                [app, "host.json", "worker.config.json"],
                await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken));
        }
        finally
        {
            Directory.Delete(tools, recursive: true);
        }
    }
}
