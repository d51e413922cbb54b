using System.Text.Json;
using Rollcall.Batches;

namespace Rollcall.Tests.Batches;

public sealed class TargetHeaderTests
{
    [Theory]
    [InlineData("\"a\"", "a", null)]
    [InlineData("\"\"", "", null)]
    [InlineData("{\"secret\":\"TOKEN\"}", null, "TOKEN")]
    public void Header_ReadAndWrittenAgain_IsTheSame(string json, string? value, string? secret)
    {
        var headers = Read(json);
        Assert.Equal(new TargetHeader { Value = value, Secret = secret }, headers["X-A"]);
        Assert.Equal(
            "{\"url\":\"http://a/\",\"headers\":{\"X-A\":" + json + "},\"hasBody\":true}",
            JsonSerializer.Serialize(new BatchTarget("http://a/", headers), BatchesJson.Compact.BatchTarget));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"secret\":null}")]
    [InlineData("{\"secret\":1}")]
    [InlineData("{\"Secret\":\"TOKEN\"}")]
    [InlineData("{\"value\":\"a\"}")]
    [InlineData("{\"secret\":\"A\",\"value\":\"a\"}")]
    [InlineData("{\"secret\":\"A\",\"secret\":\"B\"}")]
    public void Header_OfAnotherForm_IsRefused(string json)
    {
        Assert.Throws<JsonException>(() => Read(json));
    }

    static IReadOnlyDictionary<string, TargetHeader> Read(string json) =>
        JsonSerializer.Deserialize("{\"url\":\"http://a/\",\"headers\":{\"X-A\":" + json + "}}", BatchesJson.Compact.BatchTarget)!.Headers;
}
