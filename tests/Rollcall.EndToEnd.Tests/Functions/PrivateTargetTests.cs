using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Functions;

public sealed class PrivateTargetTests
{
    [Fact]
    public async Task Target_OnThePrivateNetwork_IsRefusedAndTheSettingIsNamed()
    {
        await using var target = Target.Start(Responses.Echo);
        await using var app = await OwnApp.StartAsync(settings: ("Rollcall__PrivateTargets", "refuse"));
        string id = await app.Api.StartAsync(BatchDocument.Of(target.Url, Payload.Many(3)));
        await app.Api.WaitForCompletionAsync(id);

        var results = await app.Api.DownloadResultsAsync(id);
        Assert.Equal([0, 1, 2], results.Indexes);
        Assert.All(results.Lines, line =>
        {
            var error = line.GetProperty("error");
            Assert.Equal("target-refused", error.GetProperty("code").GetString());
            Assert.Contains("Rollcall__PrivateTargets", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        });
        Assert.Equal(0, target.ConnectionCount);
    }
}
