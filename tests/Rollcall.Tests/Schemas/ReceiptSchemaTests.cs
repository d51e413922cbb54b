using System.Text.Json;
using System.Text.Json.Nodes;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Serialization;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Schemas;

public sealed class ReceiptSchemaTests
{
    [Fact]
    public async Task Receipt_OfASealedBatch_IsAccepted()
    {
        var receipt = await SealAsync();
        PublishedSchema.Receipt.Require(JsonSerializer.SerializeToElement(receipt, BatchesJson.Compact.Receipt));
        PublishedSchema.Receipt.Require(JsonElement.Parse(JsonSerializer.Serialize(receipt, BatchesJson.Indented.Receipt)));
    }

    [Fact]
    public async Task Receipt_WithoutAnyOfItsProperties_IsRefused()
    {
        foreach (var (path, name) in await PropertiesAsync())
        {
            var receipt = await DocumentAsync();
            Assert.True(At(receipt, path).Remove(name));
            Assert.True(name == "stop" == Accepts(receipt), $"The schema accepts a receipt without {path}{name}, or needs a stop.");
        }
    }

    [Fact]
    public async Task Receipt_WithAnUnknownProperty_IsRefused()
    {
        foreach (string path in (string[])["", "counts/", "shards/0/"])
        {
            var receipt = await DocumentAsync();
            At(receipt, path)["surprise"] = 1;
            Assert.False(Accepts(receipt), $"The schema accepts {path}surprise.");
        }
    }

    [Theory]
    [InlineData("", "batchId", "\"a b\"")]
    [InlineData("", "run", "0")]
    [InlineData("stop/", "kind", "\"tired\"")]
    [InlineData("stop/", "reason", "\"\"")]
    [InlineData("", "items", "-1")]
    [InlineData("", "outcomes", "1.5")]
    [InlineData("", "sha256", "\"abc\"")]
    [InlineData("", "contentSha256", "null")]
    [InlineData("", "createdAt", "\"yesterday\"")]
    [InlineData("", "sealedAt", "1")]
    [InlineData("", "shards", "{}")]
    [InlineData("counts/", "failed", "\"2\"")]
    [InlineData("counts/byErrorCode/", "bad-luck", "1")]
    [InlineData("counts/byErrorCode/", "timeout", "0")]
    [InlineData("counts/byHttpStatus/", "20", "1")]
    [InlineData("counts/byHttpStatus/", "OK", "1")]
    [InlineData("shards/0/", "items", "0")]
    [InlineData("shards/0/", "sha256", "\"ABC\"")]
    public async Task Receipt_WithAWrongValue_IsRefused(string path, string name, string value)
    {
        var receipt = await DocumentAsync();
        At(receipt, path)[name] = JsonNode.Parse(value);
        Assert.False(Accepts(receipt));
    }

    [Fact]
    public void Names_OfTheSchema_AreThoseOfTheContract()
    {
        var schema = PublishedSchema.Receipt.Document;
        Assert.Equal(
            Enum.GetValues<ItemErrorCode>().Select(code => KebabCase.Of(code)),
            schema.GetProperty("$defs").GetProperty("errorCode").GetProperty("enum").EnumerateArray().Select(code => code.GetString()));
        var counts = schema.GetProperty("properties").GetProperty("counts").GetProperty("properties");
        Assert.All(Enum.GetValues<OutcomeStatus>(), status => Assert.True(counts.TryGetProperty(KebabCase.Of(status), out _)));
    }

    static async Task<Receipt> SealAsync()
    {
        using var batch = await TestBatch.Of(Enum.GetValues<ItemErrorCode>().Length + 1, itemsPerShard: 3);
        for (int shard = 0; shard < batch.Manifest.ShardCount(); shard++)
        {
            await batch.WriteShardAsync(
                shard,
                [.. batch.OutcomesOf(shard).Select(o => o.Index == 0 ? o : TestOutcome.Failed(o.Index, (ItemErrorCode)(o.Index - 1), httpStatus: 404))]);
        }

        var stop = new BatchStop(StopKind.Failed, "Too many items failed.", batch.Time.GetUtcNow());
        await batch.Controls.ChangeAsync(batch.Manifest, control => control.Stopped(stop), CancellationToken.None);
        await batch.SealAsync();
        return await batch.ReceiptAsync();
    }

    static async Task<JsonObject> DocumentAsync()
    {
        var document = JsonSerializer.SerializeToNode(await SealAsync(), BatchesJson.Compact.Receipt)!.AsObject();
        Assert.True(Accepts(document));
        return document;
    }

    static async Task<IReadOnlyList<(string Path, string Name)>> PropertiesAsync()
    {
        var receipt = await DocumentAsync();
        return [.. ((string[])["", "counts/", "shards/0/"]).SelectMany(path => At(receipt, path).Select(property => (path, property.Key)))];
    }

    static JsonObject At(JsonObject receipt, string path)
    {
        JsonNode node = receipt;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node is JsonArray array ? array[0]! : node[part]!;
        }

        return node.AsObject();
    }

    static bool Accepts(JsonObject receipt) => PublishedSchema.Receipt.Accepts(JsonElement.Parse(receipt.ToJsonString()));
}
