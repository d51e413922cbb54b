using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>Batches whose host ends while their items come in.</summary>
[Collection(LifeCollection.Name)]
public sealed class IntakeTests(LifeHosts hosts)
{
    const int Items = 350;

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Intake_CutByAPowerCut_LeavesNoBatchAndMayBeMadeAgain(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync();
        string query = $"?id=cut-{kind}&to={Uri.EscapeDataString(target.Url)}";
        var pipe = new Pipe();
        var request = host.Api.PostLinesAsync(pipe.Reader.AsStream(), query);
        await pipe.Writer.WriteAsync(Lines(0, Items / 2), TestContext.Current.CancellationToken);

        await host.KillAsync();
        await pipe.Writer.CompleteAsync(new IOException("The caller goes away."));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);
        await host.StartAgainAsync();

        (await host.Api.GetAsync($"api/batches/cut-{kind}")).RequireProblem(HttpStatusCode.NotFound);
        Assert.DoesNotContain((await host.Api.ListAsync()).Batches, batch => batch.GetProperty("id").ValueEquals($"cut-{kind}"));
        using var whole = new MemoryStream(Lines(0, Items).ToArray());
        (await host.Api.PostLinesAsync(whole, query)).Require(HttpStatusCode.Accepted);
        await host.Api.WaitForStateAsync($"cut-{kind}", "completed");
        Assert.Equal(Enumerable.Range(0, Items), (await host.Api.DownloadResultsAsync($"cut-{kind}")).Indexes);
        Assert.Equal(Items, target.ReceivedInAll);
    }

    static ReadOnlyMemory<byte> Lines(int first, int end) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(first, end - first).Select(i => $"{i}\n")));
}
