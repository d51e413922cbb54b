using Microsoft.AspNetCore.Http;

namespace Rollcall.Tests.Api;

public sealed class ResultsGzipTests : IDisposable
{
    readonly TestApi api = new();

    public void Dispose() => api.Dispose();

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br, GZIP;q=0.1", true)]
    [InlineData("*", true)]
    [InlineData("identity;q=0.5, gzip;q=1.0", true)]
    [InlineData("identity;q=0, *;q=0.1", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("br", false)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0, *", false)]
    [InlineData("*;q=0", false)]
    [InlineData("identity, gzip;q=0.5", false)]
    [InlineData("gzip;;q", false)]
    public async Task Results_OfAClient_AreCompressedWhereItPrefersThat(string? acceptEncoding, bool isCompressed)
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        var plain = await api.ResultsAsync("b");

        var response = await api.ResultsAsync("b", acceptEncoding: acceptEncoding);

        Assert.Equal("Accept-Encoding", response.Headers.Vary);
        Assert.Equal(isCompressed ? "gzip" : "", response.Headers.ContentEncoding.ToString());
        Assert.Equal(plain.Body, isCompressed ? response.Decompress() : response.Body);
        Assert.Equal(isCompressed, response.Bytes.Length < plain.Bytes.Length / 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?format=csv")]
    public async Task Results_CompressedInBothFormats_AreThePlainOnes(string query)
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 2);
        Assert.Equal(
            (await api.ResultsAsync("b", query)).Body.TrimStart('\uFEFF'),
            (await api.ResultsAsync("b", query, "gzip")).Decompress());
    }

    [Fact]
    public async Task Results_CompressedOfNoLine_AreGzipOfNothing()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0);
        var response = await api.ResultsAsync("b", "?errorCode=dns", "gzip");
        Assert.Equal([0x1F, 0x8B], response.Bytes[..2]);
        Assert.Empty(response.Decompress());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?format=csv")]
    public async Task Results_CompressedThatBreakOff_DoNotLookWhole(string query)
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        await api.SealAsync();
        File.Delete(Path.Combine(api.Store.FolderOf("b"), "results", "000001.jsonl"));
        byte[] response = await api.ReadBrokenResultsAsync("b", query, "gzip");

        // The end of a gzip stream is its length modulo 2^32 (RFC 1952, section 2.3.1), which no broken one has.
        Assert.NotEmpty(response);
        Assert.Throws<InvalidDataException>(
            () => new TestResponse(StatusCodes.Status200OK, null, null, "") { Bytes = response }.Decompress());
    }
}
