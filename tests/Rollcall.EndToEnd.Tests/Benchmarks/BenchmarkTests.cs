using System.Diagnostics;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Benchmarks;

public sealed class BenchmarkTests
{
    [Fact]
    public async Task Benchmarks_TinyLoad_StillRun()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Rollcall.Benchmarks.dll");
        using var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [program, "scale", "--scale", "0.003", "--pairs", "1", "--cli", Path.ChangeExtension(CliProcess.Program, null)])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("Cost of an item, 900 over 10:", output, StringComparison.Ordinal);
    }
}
