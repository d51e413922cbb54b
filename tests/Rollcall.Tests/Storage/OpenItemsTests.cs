using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Storage;

/// <summary>Items files that are open: how many, for how many batches.</summary>
public sealed class OpenItemsTests : IDisposable
{
    const int Batches = 100;
    const int MostOpen = 64;

    readonly TemporaryFolder folder = new();
    readonly FileBatchStore store;

    public OpenItemsTests() => store = new FileBatchStore(folder.Path);

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Items_OfAnyNumberOfBatches_AreReadWithAFixedNumberOfDescriptors()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        for (int batch = 0; batch < Batches; batch++)
        {
            await AddAsync(batch);
            await ReadAsync(batch);
        }

        Assert.InRange(OpenFiles(), 1, MostOpen);
    }

    [Fact]
    public async Task Items_ReadWhileOthersAreClosedForThem_AreTheRightOnes()
    {
        for (int batch = 0; batch < Batches; batch++)
        {
            await AddAsync(batch);
        }

        await Parallel.ForAsync(0, 5_000, Cancelled, async (i, _) => await ReadAsync((i * 37) % Batches));
    }

    static int OpenFiles(string root) =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(
            link => LinkTarget(link)?.StartsWith(root, StringComparison.Ordinal) == true);

    static string? LinkTarget(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (IOException)
        {
            // Closed since it was listed.
            return null;
        }
    }

    int OpenFiles() => OpenFiles(folder.Path);

    Task AddAsync(int batch) => store.WriteItemsAsync($"b{batch}", "1", TestItems.Of(3).ToAsyncEnumerable(), 3, Cancelled);

    async Task ReadAsync(int batch) =>
        Assert.Equal("item-2", (await store.ReadItemAsync(TestBatch.ManifestOf(3) with { Id = $"b{batch}" }, 2, Cancelled)).Id);
}
