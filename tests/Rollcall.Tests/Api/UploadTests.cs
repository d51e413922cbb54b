using System.Text;
using Rollcall.Api;

namespace Rollcall.Tests.Api;

/// <summary>Inputs that come in parts, and the batches that are started with them.</summary>
public sealed class UploadTests : IDisposable
{
    const string Start = "?to=http%3A%2F%2F127.0.0.1%3A9%2F&id=b&inputParts=";

    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Parts_SentInAnyOrderAndTwice_AreTheInputAndGoWithTheStart()
    {
        // A line that goes over the end of a part, and a part within a line.
        foreach (var (part, text) in new[] { (2, "22}\n333\n"), (0, "1\n{\"wro"), (0, "1\n{\"a\""), (1, ":") })
        {
            Assert.Equal(204, (await PutAsync(part, text)).Status);
        }

        var response = await api.PostLinesAsync(Start + "3", "");

        Assert.Equal(202, response.Status);
        var manifest = (await api.Store.FindManifestAsync("b", Cancelled))!;
        var payloads = new List<string>();
        for (int i = 0; i < manifest.ItemCount; i++)
        {
            payloads.Add(Encoding.UTF8.GetString((await api.Store.ReadItemAsync(manifest, i, Cancelled)).Payload.Span));
        }

        Assert.Equal(["1", "{\"a\":22}", "333"], payloads);
        Assert.Empty(Directory.GetFileSystemEntries(api.UploadsFolder));

        // The same id and content once more is the same batch, however it comes.
        Assert.Equal(200, (await api.PostLinesAsync("?to=http%3A%2F%2F127.0.0.1%3A9%2F&id=b", "1\n{\"a\":22}\n333\n")).Status);
    }

    [Fact]
    public async Task Start_WithAPartThatDidNotCome_IsRefusedAndLeavesTheOthers()
    {
        await PutAsync(0, "1\n");
        await PutAsync(2, "3\n");

        var response = await api.PostLinesAsync(Start + "3", "");

        Assert.Equal(400, response.Status);
        Assert.Contains(
            "inputParts is 3, and part 1 did not come. Send it, and start the batch again.",
            response.Body,
            StringComparison.Ordinal);
        Assert.Null(await api.Store.FindManifestAsync("b", Cancelled));

        await PutAsync(1, "2\n");
        Assert.Equal(202, (await api.PostLinesAsync(Start + "3", "")).Status);
    }

    [Fact]
    public async Task Start_WithAPartThatIsDamaged_IsRefusedAndNamesIt()
    {
        await PutAsync(0, "1\n");
        await PutAsync(1, "2\n3\n");
        string file = Path.Combine(api.UploadsFolder, "b.1");
        byte[] bytes = await File.ReadAllBytesAsync(file, Cancelled);
        bytes[0] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancelled);

        var response = await api.PostLinesAsync(Start + "2", "");

        Assert.Equal(400, response.Status);
        Assert.Contains("Part 1 of the input is damaged", response.Body, StringComparison.Ordinal);
        Assert.Null(await api.Store.FindManifestAsync("b", Cancelled));
    }

    [Fact]
    public async Task Start_WithPartsAndLines_IsRefused()
    {
        await PutAsync(0, "1\n");
        var response = await api.PostLinesAsync(Start + "1", "2\n");
        Assert.Equal(400, response.Status);
        Assert.Contains("the request has lines of its own", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithErrorsInTheLines_NamesTheirLinesOfTheWholeInput()
    {
        await PutAsync(0, "1\n2\n");
        await PutAsync(1, "3\nwrong\n");
        var response = await api.PostLinesAsync(Start + "2", "");
        Assert.Equal(400, response.Status);
        Assert.Equal(4, response.Json.GetProperty("errors")[0].GetProperty("line").GetInt64());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10001")]
    [InlineData("1.5")]
    [InlineData("")]
    public async Task Start_WithANumberOfPartsThatCannotBe_IsRefused(string parts)
    {
        var response = await api.PostLinesAsync(Start + parts, "");
        Assert.Equal(400, response.Status);
        Assert.Contains("a whole number from 1 to 10000 is needed", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithPartsAndNoId_IsRefused()
    {
        var response = await api.PostLinesAsync("?to=http%3A%2F%2F127.0.0.1%3A9%2F&inputParts=1", "");
        Assert.Equal(400, response.Status);
        Assert.Contains("the id that the parts of the input were sent for is needed", response.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b", "-1", "")]
    [InlineData("b", "10000", "")]
    [InlineData("b", "one", "")]
    [InlineData("../b", "0", "")]
    [InlineData("con", "0", "")]
    [InlineData("b", "0", "?parts=3")]
    public async Task Part_ThatCannotBeOne_IsRefusedAndNotStored(string id, string part, string query)
    {
        Assert.Equal(400, (await api.PutPartAsync(id, part, new MemoryStream([1]), query)).Status);
        Assert.False(Directory.Exists(api.UploadsFolder));
    }

    [Fact]
    public async Task Part_OverTheLimit_IsRefusedAndNotStored()
    {
        var response = await api.PutPartAsync("b", "0", new MemoryStream(new byte[UploadApi.MaxPartBytes + 1]));
        Assert.Equal(413, response.Status);
        Assert.Contains("67108864", response.Body, StringComparison.Ordinal);
        Assert.Null(await api.Uploads.FindAsync("b", 0, Cancelled));
        Assert.Empty(Directory.GetFiles(api.UploadsFolder));
    }

    [Fact]
    public async Task Parts_SentBesideStarts_AreEachTakenOrUsed()
    {
        await PutAsync(0, "1\n");
        var starts = new List<TestResponse>();
        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (int i = 0; i < 200; i++)
                {
                    Assert.Equal(204, (await PutAsync(0, "1\n")).Status);
                }
            }, Cancelled),
            Task.Run(async () =>
            {
                for (int i = 0; i < 200; i++)
                {
                    starts.Add(await api.PostLinesAsync(Start + "1", ""));
                }
            }, Cancelled));

        Assert.Contains(starts, start => start.Status == 202);
        Assert.All(starts, start => Assert.Contains(start.Status, (int[])[200, 202, 400]));
    }

    Task<TestResponse> PutAsync(int part, string text) => api.PutPartAsync("b", $"{part}", new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
