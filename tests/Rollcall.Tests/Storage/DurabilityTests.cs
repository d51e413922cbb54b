using Rollcall.Batches;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Storage;

public sealed class DurabilityTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly List<(DurableStep Step, string Path)> steps = [];

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task File_ThatIsWritten_IsFlushedBeforeItHasItsNameAndItsNameAfterwards()
    {
        string path = folder.File("f");
        await WatchAsync(() => DurableFile.WriteAsync(path, stream => stream.WriteAsync(new byte[10]).AsTask()));
        Assert.Equal([(DurableStep.FileFlushed, path + ".tmp"), (DurableStep.EntryMade, path), (DurableStep.FolderFlushed, folder.Path)], steps);
    }

    [Fact]
    public async Task Folders_ThatAreMade_HaveEachTheirNameFlushedBeforeTheNext()
    {
        string above = folder.File("a");
        await WatchAsync(() => Task.Run(() => DurableFile.MakeFolder(Path.Combine(above, "b"))));
        Assert.Equal(
            [(DurableStep.EntryMade, above), (DurableStep.FolderFlushed, folder.Path), (DurableStep.EntryMade, Path.Combine(above, "b")), (DurableStep.FolderFlushed, above)],
            steps);
    }

    [Fact]
    public async Task Records_OfABatch_AreDurableWithAllFoldersAboveThemWhenTheirWritingReturns()
    {
        string root = Path.Combine(folder.Path, "state", "batches");
        using var store = new FileBatchStore(root);
        var manifest = TestBatch.ManifestOf(1);
        await RequireDurableAsync("items", () => store.WriteItemsAsync(TestBatch.Id, manifest.ItemsName, TestItems.Of(1).ToAsyncEnumerable(), 1, Cancelled));
        await RequireDurableAsync("manifest", () => store.WriteManifestAsync(manifest, Cancelled));
        await RequireDurableAsync("body", () => store.WriteBodyAsync(TestBatch.Id, 7, stream => stream.WriteAsync(new byte[10]).AsTask(), Cancelled));
        foreach (int run in (int[])[1, 2])
        {
            await RequireDurableAsync("results", () => store.WriteResultsAsync(TestBatch.Id, run, 0, stream => stream.WriteAsync(new byte[10]).AsTask(), Cancelled));
            await RequireDurableAsync("receipt", () => store.WriteReceiptAsync(ReceiptOf(run), Cancelled));
        }

        await RequireDurableAsync("control", () => store.WriteControlAsync(BatchControl.Of(manifest).Paused(isPaused: true), Cancelled));
        var catalog = new FileBatchCatalog(Path.Combine(folder.Path, "state", "catalog"));
        await RequireDurableAsync("catalog", () => catalog.AddAsync(TestBatch.Id, manifest.CreatedAt, Cancelled));
    }

    static Receipt ReceiptOf(int run) => new()
    {
        BatchId = TestBatch.Id,
        Items = 1,
        Outcomes = 1,
        Counts = new OutcomeCounts(),
        Sha256 = "",
        ContentSha256 = "",
        Run = run,
        CreatedAt = DateTimeOffset.UnixEpoch,
        SealedAt = DateTimeOffset.UnixEpoch,
        Shards = [],
    };

    async Task RequireDurableAsync(string record, Func<Task> write)
    {
        steps.Clear();
        var before = Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).ToHashSet();
        await WatchAsync(write);
        var made = Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Where(path => !before.Contains(path)).ToList();
        Assert.NotEmpty(made);
        foreach (string path in made)
        {
            int flushed = steps.LastIndexOf((DurableStep.FolderFlushed, Path.GetDirectoryName(path)!));
            int entry = steps.IndexOf((DurableStep.EntryMade, path));
            int content = steps.FindIndex(step => step.Step == DurableStep.FileFlushed && (step.Path == path || (step.Path.StartsWith(path + ".", StringComparison.Ordinal) && step.Path.EndsWith(".tmp", StringComparison.Ordinal))));
            Assert.True(flushed >= 0 && flushed > entry, $"{record}: the name '{path}' was not flushed.");
            Assert.True(Directory.Exists(path) || (content >= 0 && content < flushed && (entry < 0 || content < entry)), $"{record}: the content of '{path}' was not flushed before its name.");
        }
    }

    async Task WatchAsync(Func<Task> write)
    {
        DurableFile.Observer.Value = (step, path) => steps.Add((step, path));
        try
        {
            await write();
        }
        finally
        {
            DurableFile.Observer.Value = null;
        }
    }
}
