using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Storage;

public sealed class DurableFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task File_WrittenAgain_HasTheNewContentOnly()
    {
        string path = folder.File("f");
        await WriteAsync(path, "a longer content");
        await WriteAsync(path, "new");
        Assert.Equal("new", await File.ReadAllTextAsync(path, Cancelled));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Write_ThatFails_LeavesTheOldContent()
    {
        string path = folder.File("f");
        await WriteAsync(path, "old");
        await Assert.ThrowsAsync<IOException>(() => DurableFile.WriteAsync(path, FailAfterSomeBytesAsync));
        Assert.Equal("old", await File.ReadAllTextAsync(path, Cancelled));
    }

    [Fact]
    public async Task Write_ThatFails_LeavesNoFileWhereThereWasNone()
    {
        string path = folder.File("f");
        await Assert.ThrowsAsync<IOException>(() => DurableFile.WriteAsync(path, FailAfterSomeBytesAsync));
        Assert.False(File.Exists(path), "A part of a file is there under its name.");
    }

    [Fact]
    public async Task File_WhileItIsWritten_IsStillTheOldOne()
    {
        string path = folder.File("f");
        await WriteAsync(path, "old");
        string? seen = null;
        await DurableFile.WriteAsync(path, async stream =>
        {
            await stream.WriteAsync("new"u8.ToArray(), Cancelled);
            await stream.FlushAsync(Cancelled);
            seen = await File.ReadAllTextAsync(path, Cancelled);
        });
        Assert.Equal("old", seen);
    }

    [Fact]
    public void Folder_ThatIsNotThere_CannotBeFlushed()
    {
        var failure = Assert.Throws<DirectoryNotFoundException>(() => DurableFile.FlushFolder(folder.File("none")));
        Assert.Contains("could not be flushed", failure.Message, StringComparison.Ordinal);
    }

    static Task WriteAsync(string path, string content) =>
        DurableFile.WriteAsync(path, stream => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(content)).AsTask());

    static async Task FailAfterSomeBytesAsync(Stream stream)
    {
        await stream.WriteAsync(new byte[200_000]);
        throw new IOException("The disk is full.");
    }
}
