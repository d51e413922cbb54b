using System.Text.Json;
using Rollcall.Lifecycle;
using Rollcall.Storage;

namespace Rollcall.Tests.Api;

/// <summary>A batch of which one stored file is not what was written: whoever asks is told so, and the others are as they were.</summary>
public sealed class DamagedBatchTests : IDisposable
{
    readonly TestApi api = new();

    public static TheoryData<string, FileFault> Records()
    {
        var data = new TheoryData<string, FileFault>();
        foreach (string file in new[] { "manifest.json", "control.json" })
        {
            foreach (var fault in Enum.GetValues<FileFault>())
            {
                data.Add(file, fault);
            }
        }

        data.Add("receipt.json", FileFault.Cut);
        data.Add("failure.json", FileFault.Garbage);
        return data;
    }

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Theory]
    [MemberData(nameof(Records))]
    public async Task Damage_OfOneRecord_IsListedShownAndDeletedAndKeepsNoOtherBatchFromIt(string file, FileFault fault)
    {
        await StartAsync();
        Damage(file, fault);

        var shown = await api.StatusAsync("b");
        var listed = Json(await api.ListAsync()).GetProperty("batches").EnumerateArray().ToList();
        var ended = Json(await api.ListAsync("?status=failed")).GetProperty("batches").EnumerateArray().ToList();

        Assert.Equal(200, shown.Status);
        RequireDamaged(Json(shown), file);
        Assert.Equal(["other", "b"], listed.Select(batch => batch.GetProperty("id").GetString()));
        RequireDamaged(listed[1], file);
        Assert.Equal(["b"], ended.Select(batch => batch.GetProperty("id").GetString()));
        Assert.Contains(file, (await api.ChangeAsync("b", "cancel")).Problem(409) + Json(shown), StringComparison.Ordinal);
        Assert.Equal(204, await DeleteAsync());
        Assert.Equal(404, (await api.StatusAsync("b")).Status);
        Assert.False(Directory.Exists(api.Store.FolderOf("b")), "Something of the batch is left.");
        Assert.Equal(
            ["other"],
            Json(await api.ListAsync()).GetProperty("batches").EnumerateArray().Select(batch => batch.GetProperty("id").GetString()));
        Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id=b", "1\n")).Status);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("cancel")]
    [InlineData("redrive")]
    [InlineData("patch")]
    [InlineData("results")]
    [InlineData("item")]
    [InlineData("receipt")]
    [InlineData("start")]
    public async Task Request_AboutABatchWhoseManifestIsDamaged_IsAConflictThatNamesTheFile(string request)
    {
        await StartAsync();
        Damage("manifest.json", FileFault.Cut);

        var response = await (request switch
        {
            "patch" => api.PatchAsync("b", """{"concurrency":3}"""),
            "results" => api.ResultsAsync("b"),
            "item" => api.ItemAsync("b", 0),
            "receipt" => api.ReceiptAsync("b"),
            "start" => api.PostLinesAsync($"?to={TestApi.Url}&id=b", "1\n"),
            _ => api.ChangeAsync("b", request),
        });

        Assert.Contains("manifest.json", response.Problem(409), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_ThatIsMissing_MakesADamagedBatchAndNotNone()
    {
        await StartAsync();
        File.Delete(PathOf("manifest.json"));

        RequireDamaged(Json(await api.StatusAsync("b")), "manifest.json");
        Assert.Contains(
            "manifest.json",
            (await api.PostLinesAsync($"?to={TestApi.Url}&id=b", "1\n")).Problem(409),
            StringComparison.Ordinal);
        Assert.Equal(204, await DeleteAsync());
        Assert.Equal(404, (await api.StatusAsync("b")).Status);
    }

    [Fact]
    public async Task Damage_OfABatchThatHasEnded_IsDeletedByRetention()
    {
        await StartAsync();
        Damage("manifest.json", FileFault.Empty);
        api.Scheduler.Executions["b"] = api.Scheduler.Executions["b"] with { EndedAt = api.Time.GetUtcNow(), Failure = "damaged" };
        var options = new RollcallOptions { RetentionDays = 1 };
        var reconciler = new Reconciler(api.Store, api.Catalog, api.Time, options);

        var closed = Assert.Single(await reconciler.ReconcileAsync(api.Scheduler, Cancelled).ToListAsync(Cancelled));
        Assert.Empty(await reconciler.ReconcileAsync(api.Scheduler, Cancelled).ToListAsync(Cancelled));
        Assert.Empty(await RetainAsync(options));
        api.Time.Advance(TimeSpan.FromDays(2));
        var purged = await RetainAsync(options);

        Assert.Equal((ReconcileAction.Failed, true), (closed.Action, closed.Reason.Contains("manifest.json", StringComparison.Ordinal)));
        Assert.Equal(["b"], purged.Where(batch => batch.Error is null).Select(batch => batch.BatchId));
        Assert.False(Directory.Exists(api.Store.FolderOf("b")), "Something of the batch is left.");
    }

    [Fact]
    public async Task Batch_WhoseDamagedFileIsRestored_GoesOnWhenItIsStartedAgain()
    {
        await StartAsync();
        string whole = await File.ReadAllTextAsync(PathOf("manifest.json"), Cancelled);
        api.Scheduler.Executions.Remove("b");
        Damage("manifest.json", FileFault.Empty);
        var reconciler = new Reconciler(api.Store, api.Catalog, api.Time, new RollcallOptions());
        await reconciler.ReconcileAsync(api.Scheduler, Cancelled).ToListAsync(Cancelled);
        await File.WriteAllTextAsync(PathOf("manifest.json"), whole, Cancelled);

        Assert.Equal(200, (await api.PostLinesAsync($"?to={TestApi.Url}&id=b", "1\n2\n")).Status);

        Assert.Contains("b", await api.Catalog.ListOpenAsync(Cancelled).Select(entry => entry.BatchId).ToListAsync(Cancelled));
        Assert.Null(api.Scheduler.Executions["b"].EndedAt);
    }

    [Theory]
    [InlineData("entries", "")]
    [InlineData("open", "&status=pending")]
    public async Task Catalog_WithFilesOfSomebodyElse_ListsEveryBatchPageByPage(string list, string filter)
    {
        await StartAsync();
        api.Scheduler.Executions.Clear();
        Assert.Equal(202, (await api.ChangeAsync("b", "resume")).Status);
        string folder = Path.GetDirectoryName(
            Directory.EnumerateFiles(api.CatalogFolder(list), "*-b", SearchOption.AllDirectories).Single())!;
        foreach (int i in Enumerable.Range(0, 40))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{(i % 2 == 0 ? "0" : "9")} file {i}"), "mine", Cancelled);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "0000000000000000001-.."), "", Cancelled);
        Directory.CreateDirectory(Path.Combine(api.CatalogFolder(list), "lost+found"));
        var ids = new List<string?>();
        string? next = "";
        while (next is not null)
        {
            var page = Json(await api.ListAsync($"?limit=1{filter}{(next.Length > 0 ? $"&after={next}" : "")}"));
            ids.AddRange(page.GetProperty("batches").EnumerateArray().Select(batch => batch.GetProperty("id").GetString()));
            next = page.TryGetProperty("next", out var after) ? after.GetString() : null;
        }

        Assert.Equal(["other", "b"], ids);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    public async Task Deletion_WhoseNoteCannotBeRead_IsFinished(string note)
    {
        await StartAsync();
        await api.Catalog.WriteDeletionAsync(BatchDeletion.Unreadable("b"), Cancelled);
        await File.WriteAllTextAsync(
            Directory.EnumerateFiles(api.CatalogFolder("deleting"), "b", SearchOption.AllDirectories).Single(),
            note,
            Cancelled);

        Assert.Contains(
            "is being deleted",
            (await api.PostLinesAsync($"?to={TestApi.Url}&id=b", "1\n")).Problem(409),
            StringComparison.Ordinal);
        Assert.Equal(204, await DeleteAsync());

        Assert.False(Directory.Exists(api.Store.FolderOf("b")), "Something of the batch is left.");
        Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id=b", "1\n")).Status);
    }

    static JsonElement Json(TestResponse response) => JsonElement.Parse(response.Body);

    static void RequireDamaged(JsonElement batch, string file)
    {
        Assert.Equal("failed", batch.GetProperty("status").GetString());
        Assert.Contains("damaged", batch.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains(file, batch.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.True(batch.TryGetProperty("createdAt", out _), "It does not say when it came, which the catalog knows.");
    }

    async Task StartAsync()
    {
        Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id=b", "1\n2\n")).Status);
        Assert.Equal(202, (await api.ChangeAsync("b", "pause")).Status);
        api.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id=other", "1\n")).Status);
    }

    // A batch that has not ended is ended by the first request and deleted by the second.
    async Task<int> DeleteAsync() =>
        (await api.DeleteAsync("b")).Status is var first and not 202 ? first : (await api.DeleteAsync("b")).Status;

    void Damage(string file, FileFault fault)
    {
        string path = PathOf(file);
        string whole = File.Exists(path) ? File.ReadAllText(path) : """{"batchId":"b"}""";
        File.Delete(path);
        if (file is "receipt.json" or "failure.json")
        {
            api.Scheduler.Executions.Remove("b");
        }

        if (fault == FileFault.Folder)
        {
            Directory.CreateDirectory(Path.Combine(path, "more"));
            return;
        }

        File.WriteAllText(path, fault.In(whole));
    }

    string PathOf(string file) => Path.Combine(api.Store.FolderOf("b"), file);

    async Task<IReadOnlyList<PurgedBatch>> RetainAsync(RollcallOptions options)
    {
        var retention = new Retention(
            api.Store,
            api.Catalog,
            new BatchPurge(api.Store, api.Catalog, api.Time),
            api.Time,
            options,
            api.Uploads);
        return await retention.PassAsync(api.Scheduler, Cancelled).ToListAsync(Cancelled);
    }
}
