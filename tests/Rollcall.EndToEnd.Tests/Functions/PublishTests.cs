using System.Diagnostics;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

[Collection(OwnAppCollection.Name)]
public sealed class PublishTests
{
    [Fact]
    public async Task Publish_Output_RunsABatchByItself()
    {
        string folder = Directory.CreateTempSubdirectory("rollcall-publish-").FullName;
        try
        {
            string output = Path.Combine(folder, "app");
            await PublishAsync(output);
            await using var target = await PayloadTarget.StartAsync();
            await using var app = await OwnApp.StartAsync(output);
            var payloads = Payload.Many(12);

            string id = await app.Api.StartAsync(BatchDocument.Of(target.Url, payloads));
            await app.Api.WaitForCompletionAsync(id);

            (await app.Api.DownloadResultsAsync(id)).RequireResponses(payloads);
            Assert.False(File.Exists(Path.Combine(output, "local.settings.json")), "Settings of this machine are in the published app.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task PublishAsync(string output)
    {
        // What was built for the tests is published as it is, because one more build would take most of a minute.
        string[] options = ["-o", output, "--no-build", "-c", Repository.Configuration, "--disable-build-servers", "-maxcpucount:1"];
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", Repository.AppProject, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var log = new LineLog(publish.StandardOutput);
        var errors = new LineLog(publish.StandardError);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await publish.WaitForExitAsync(limit.Token);
        Assert.True(publish.ExitCode == 0, await log.ReadToEndAsync() + await errors.ReadToEndAsync());
    }
}
