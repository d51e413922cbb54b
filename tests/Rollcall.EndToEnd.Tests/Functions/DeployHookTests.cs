using System.Diagnostics;
using System.Net;
using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.EndToEnd.Tests.Client;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>The scripts that <c>azd</c> runs, against the running app. The <c>az</c> of these tests has the keys of any app.</summary>
public sealed class DeployHookTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    const string Keys = "echo some-key\n";
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Postdeploy_OnARunningApp_ProvesABatchAndLeavesNothing()
    {
        var (exitCode, output) = await RunAsync("postdeploy", Keys);
        Assert.True(exitCode == 0, output);
        Assert.Contains("20 items, 20 responses, receipt verified", output, StringComparison.Ordinal);
        string id = output.Split(' ').Single(word => word.StartsWith("smoke-", StringComparison.Ordinal));
        (await Api.GetAsync($"api/batches/{id}")).RequireProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Postdeploy_OfAReceiptThatIsNotProven_Fails()
    {
        var (exitCode, output) = await RunAsync("postdeploy", Keys, ("ROLLCALL_CLI", "false"));
        Assert.True(exitCode == 1, output);
        Assert.Contains("is not proven", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postdeploy_WhereItemsFail_FailsAndSaysHowManySucceeded()
    {
        // It has no echo.
        using var server = await LocalServer.StartAsync();
        var (exitCode, output) = await RunAsync("postdeploy", Keys, ("SERVICE_API_URI", server.Url));
        Assert.True(exitCode == 1, output);
        Assert.Contains("0 of 20 items succeeded. The first result: {\"index\":0,\"status\":\"failed\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postdeploy_WithoutALogin_FailsAndSaysWhatToDo()
    {
        var (exitCode, output) = await RunAsync("postdeploy", "echo \"Please run 'az login' to setup account.\" >&2\nexit 1\n");
        Assert.True(exitCode == 1, output);
        Assert.Contains("az login, then: azd hooks run postdeploy", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postdeploy_WithoutAnEcho_SaysThatNothingWasSent()
    {
        var (exitCode, output) = await RunAsync("postdeploy", "exit 1\n", ("ROLLCALL_ECHO_TARGET", "false"));
        Assert.True(exitCode == 0, output);
        Assert.Equal("No smoke batch was sent, because echoTarget is off.\n", output);
    }

    [Fact]
    public async Task Postprovision_OfAnApp_SaysItsAddressItsKeyAndACommand()
    {
        var (exitCode, output) = await RunAsync("postprovision", "exit 1\n", ("ROLLCALL_ENTRA_CLIENT_ID", "some-client"));
        Assert.True(exitCode == 0, output);
        Assert.Contains($"export ROLLCALL_SERVER={Address}\n", output, StringComparison.Ordinal);
        Assert.Contains(
            "$(az functionapp keys list -g some-group -n some-app --query functionKeys.default -o tsv)",
            output,
            StringComparison.Ordinal);
        Assert.Contains("-- submit items.jsonl --to", output, StringComparison.Ordinal);
        Assert.Contains("--resource api://some-client", output, StringComparison.Ordinal);
    }

    string Address => Fixture.Host.Url.ToString().TrimEnd('/');

    async Task<(int ExitCode, string Output)> RunAsync(string hook, string az, params IEnumerable<(string Name, string Value)> variables)
    {
        string tools = Directory.CreateTempSubdirectory("rollcall-az-").FullName;
        try
        {
            string program = Path.Combine(tools, "az");
            await File.WriteAllTextAsync(program, "#!/bin/sh\n" + az, TestContext.Current.CancellationToken);
            using var chmod = Process.Start("chmod", ["+x", program]);
            await chmod.WaitForExitAsync(TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo(Path.Combine(Repository.Root, "infra", "hooks", hook + ".sh"))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var (name, value) in Outputs().Concat(variables))
            {
                start.Environment[name] = value;
            }

            start.Environment["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
            using var process = Process.Start(start)!;
            var output = new LineLog(process.StandardOutput);
            var errors = new LineLog(process.StandardError);
            using var limit = new CancellationTokenSource(Limit);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output.ReadToEndAsync() + await errors.ReadToEndAsync());
        }
        finally
        {
            Directory.Delete(tools, recursive: true);
        }
    }

    IEnumerable<(string Name, string Value)> Outputs() =>
    [
        ("SERVICE_API_URI", Address),
        ("SERVICE_API_NAME", "some-app"),
        ("AZURE_RESOURCE_GROUP", "some-group"),
        ("ROLLCALL_ECHO_TARGET", "true"),
        ("ROLLCALL_ENTRA_CLIENT_ID", ""),
        ("ROLLCALL_CLI", $"dotnet {CliProcess.Program}"),
    ];
}
