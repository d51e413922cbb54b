using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Storage;

public sealed class StoredDataTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Item_OfWhichAnyByteWasChanged_IsNeverReadAsAnother()
    {
        using var batch = await TestBatch.Of(3);
        var items = TestItems.Of(3).ToList();
        foreach (string kind in (string[])["data", "index"])
        {
            byte[] whole = await File.ReadAllBytesAsync(batch.ItemsPath(kind), Cancelled);
            for (int at = 0; at < whole.Length; at++)
            {
                byte[] damaged = [.. whole];
                damaged[at] ^= (byte)(1 << (at % 8));
                int refused = 0;
                await WriteInPlaceAsync(batch.ItemsPath(kind), damaged);
                for (int i = 0; i < 3; i++)
                {
                    refused += await IsRefusedAsync(batch, i, items[i]) ? 1 : 0;
                }

                // The line feeds between the items are for people.
                Assert.True(refused == (kind == "data" && whole[at] == (byte)'\n' ? 0 : 1), $"A bit of byte {at} of the {kind} was changed, and {refused} items were refused.");
            }

            await WriteInPlaceAsync(batch.ItemsPath(kind), whole);
        }
    }

    [Fact]
    public async Task Id_OfWhichAnyByteWasChanged_IsNeverReadAsAnother()
    {
        using var batch = await TestBatch.Of(1);
        await FileDamage.FlipTextAsync(batch.ItemsPath("data"), "item-0");
        await Assert.ThrowsAsync<DamagedDataException>(async () => await batch.Store.ReadIdAsync(batch.Manifest, 0, Cancelled));
    }

    [Fact]
    public async Task Results_OfWhichAnyByteWasChanged_AreNeverReadToTheirEnd()
    {
        using var batch = await TestBatch.Of(2);
        await batch.WriteShardAsync(0);
        byte[] whole = await File.ReadAllBytesAsync(batch.ResultsPath(0), Cancelled);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            await AssertRefusedAsync(batch, damaged);
        }

        for (int length = 0; length < whole.Length; length++)
        {
            await AssertRefusedAsync(batch, whole[..length]);
        }

        await AssertRefusedAsync(batch, [.. whole, (byte)'\n']);
        await AssertRefusedAsync(batch, [.. whole, .. whole]);
    }

    [Fact]
    public async Task Results_ThatAreLargeAndWereChanged_BreakOffBeforeTheirEnd()
    {
        using var batch = await TestBatch.Of(1);
        var body = await batch.StoreBodyAsync(0, new byte[3_000_000], isText: false);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0) with { Body = body }]);
        long length = (await batch.ResultsOfAsync(0)).Length;
        await FileDamage.FlipAsync(batch.ResultsPath(0), at: 2_000_000);
        await using var results = (await batch.Store.OpenResultsAsync(TestBatch.Id, run: 1, 0, sha256: null, Cancelled))!;
        using var copy = new MemoryStream();
        Assert.Contains("Shard 0 of run 1 of batch 'batch-1' is damaged", (await Assert.ThrowsAsync<DamagedDataException>(() => results.CopyToAsync(copy, Cancelled))).Message, StringComparison.Ordinal);
        Assert.True(copy.Length < length, "All of it was given away.");
    }

    [Fact]
    public async Task Results_ThatAreWholeButNotThoseOfTheReceipt_AreRefused()
    {
        using var batch = await TestBatch.Of(2);
        await batch.WriteAllShardsAsync();
        await batch.SealAsync();
        await batch.ReplaceResultsAsync(0, string.Join('\n', (await batch.LinesOfAsync(0)).Reverse()) + "\n");
        var receipt = await batch.ReceiptAsync();
        await Assert.ThrowsAsync<DamagedDataException>(async () => await RunResults.OpenAsync(batch.Store, TestBatch.Id, run: 1, 0, receipt, Cancelled));
    }

    [Fact]
    public async Task Results_OfASealedRunThatAreGone_AreNotThoseOfTheRunBefore()
    {
        using var batch = await TestBatch.Of(2);
        await batch.WriteShardAsync(0, [TestOutcome.Failed(0, ItemErrorCode.Timeout), TestOutcome.Succeeded(1)]);
        await batch.SealAsync();
        var manifest = batch.Manifest;
        await batch.Controls.ChangeAsync(manifest, control => control.Redriven(batch.Time.GetUtcNow(), onlyCodes: null), Cancelled);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0)], run: 2);
        await batch.SealAsync(run: 2);
        File.Delete(batch.ResultsPath(0, run: 2));
        var receipt = await batch.ReceiptAsync(run: 2);
        await Assert.ThrowsAsync<DamagedDataException>(async () => await RunResults.OpenAsync(batch.Store, TestBatch.Id, run: 2, 0, receipt, Cancelled));
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("receipt.json")]
    [InlineData("control.json")]
    public async Task Record_OfWhichAnyByteWasChanged_IsRefusedByName(string name)
    {
        using var batch = await TestBatch.Of(1);
        await batch.WriteAllShardsAsync();
        await batch.SealAsync();
        await batch.Controls.ChangeAsync(batch.Manifest, control => control.Paused(isPaused: true), Cancelled);
        string path = Path.Combine(batch.Store.FolderOf(TestBatch.Id), name);
        byte[] whole = await File.ReadAllBytesAsync(path, Cancelled);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 4;
            await File.WriteAllBytesAsync(path, damaged, Cancelled);
            string message = (await Assert.ThrowsAsync<DamagedBatchException>(() => ReadAsync(batch.Store, name))).Message;
            Assert.StartsWith($"What is stored of batch 'batch-1' is damaged: {name} ", message, StringComparison.Ordinal);
        }
    }

    static async Task ReadAsync(FileBatchStore store, string name)
    {
        _ = name switch
        {
            "manifest.json" => await store.FindManifestAsync(TestBatch.Id, Cancelled) as object,
            "receipt.json" => await store.FindReceiptAsync(TestBatch.Id, run: 1, Cancelled),
            _ => await store.FindControlAsync(TestBatch.Id, Cancelled),
        };
    }

    static async Task<bool> IsRefusedAsync(TestBatch batch, int index, BatchItem expected)
    {
        try
        {
            var item = await batch.Store.ReadItemAsync(batch.Manifest, index, Cancelled);
            Assert.Equal(expected.Id, item.Id);
            Assert.Equal(expected.Payload.ToArray(), item.Payload.ToArray());
            return false;
        }
        catch (DamagedDataException)
        {
            return true;
        }
    }

    static async Task AssertRefusedAsync(TestBatch batch, byte[] damaged)
    {
        await File.WriteAllBytesAsync(batch.ResultsPath(0), damaged, Cancelled);
        await Assert.ThrowsAsync<DamagedDataException>(async () => await batch.Store.OpenResultsAsync(TestBatch.Id, run: 1, 0, sha256: null, Cancelled));
    }

    // The store keeps the files of the items open.
    static async Task WriteInPlaceAsync(string path, byte[] bytes)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        await file.WriteAsync(bytes, Cancelled);
    }
}
