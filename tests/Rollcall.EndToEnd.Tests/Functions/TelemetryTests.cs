using System.Diagnostics;
using System.Text;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;
using Rollcall.EndToEnd.Tests.Telemetry;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>What the app's worker tells of its work.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Worker_WithACollectorAndApplicationInsights_TellsBothOfABatch()
    {
        await using var collector = await Collector.StartAsync();
        await using var target = Target.Start(Responses.Echo);
        await using var app = await OwnApp.StartAsync(settings: collector.Settings.Select(setting => (setting.Key, setting.Value))
            .Append(
                (
                    "APPLICATIONINSIGHTS_CONNECTION_STRING",
                    $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={collector.Url}/;LiveEndpoint={collector.Url}/"))

            // What the exporter tells Microsoft of itself.
            .Append(("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true")));
        string id = await app.Api.StartAsync(BatchDocument.Of(target.Url, Payload.Many(3)));
        await app.Api.WaitForCompletionAsync(id);
        string[] names =
        [
            "rollcall.items",
            "rollcall.attempt.duration",
            "rollcall.batches.ended",
            "rollcall.seal.duration",
            "rollcall.intake.io",
        ];
        foreach (string name in names)
        {
            await collector.WaitForAsync("/v1/metrics", name);
        }

        await collector.WaitForAsync("/v1/traces", "rollcall.attempt");

        // The interval of this exporter is not ours to set: it sends what it has as the worker stops.
        app.Host.RequestStop();
        await app.Host.WaitForStopAsync();
        await collector.WaitForAsync("/v2.1/track", "rollcall.items");
        await collector.WaitForAsync("/v2.1/track", "rollcall.attempt");
        Assert.All(collector.At("/v1/metrics"), body => Assert.Equal(-1, body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(id))));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "the URL of an OpenTelemetry collector is needed")]
    [InlineData("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "ClientId=1", "'Authorization=AAD' is needed")]
    public async Task Worker_WithASettingThatIsWrong_DoesNotStartAndNamesIt(string name, string value, string needed)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(Repository.App, "Rollcall.Functions.dll")])
        { RedirectStandardError = true };
        start.Environment["AzureWebJobsStorage"] = "UseDevelopmentStorage=true";
        start.Environment[
            "APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint=http://127.0.0.1:9/";
        start.Environment[name] = value;
        using var worker = Process.Start(start)!;
        string errors = await worker.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, worker.ExitCode);
        Assert.Contains($"The setting {name} is '{value}': {needed}", errors, StringComparison.Ordinal);
    }
}
