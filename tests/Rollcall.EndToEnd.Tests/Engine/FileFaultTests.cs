using Microsoft.DurableTask;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.EndToEnd.Tests.Engine;

/// <summary>Files that cannot be read or written, and what of them stops the engine.</summary>
public sealed class FileFaultTests : IAsyncDisposable
{
    const int NoSpace = 28;
    const int ReadOnlyFileSystem = 30;
    const int Device = 5;

    readonly EngineFixture fixture = new();

    public static TheoryData<Exception> OneFile() =>
    [
        new FileNotFoundException("a body is missing"),
        new DirectoryNotFoundException("the bodies are missing"),
        new EndOfStreamException("a body is short"),
        new InvalidDataException("a body is another"),
        new UnauthorizedAccessException("a folder is in its place"),
    ];

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Theory]
    [MemberData(nameof(OneFile), DisableDiscoveryEnumeration = true)]
    public async Task Activity_ThatAFileOfItsBatchFails_FailsAloneAndIsTriedAgain(Exception exception)
    {
        var failing = new FailingOnce(fixture.Store, exception);

        var (state, _) = await fixture.RunAsync(3, index => Task.FromResult(EngineFixture.Success(index)), writeShard: failing);

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, state.OrchestrationStatus);
        Assert.Equal(2, failing.Calls);
        Assert.False(fixture.Fault.IsCompleted, "The engine has stopped.");
    }

    [Fact]
    public async Task Batch_WhoseItemsAreGone_NamesThemAndTheEngineGoesOn()
    {
        var (state, manifest) = await fixture.RunAsync(3, index =>
        {
            foreach (string file in Directory.EnumerateFiles(fixture.Store.FolderOf("batch"), "items.*"))
            {
                File.Delete(file);
            }

            return Task.FromResult(EngineFixture.Success(index));
        });

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, state.OrchestrationStatus);
        var lines = fixture.ReadResults(manifest).Where(line => line.StartsWith("{\"index\":", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.Contains("\"code\":\"input-damaged\"", line, StringComparison.Ordinal));
        Assert.False(fixture.Fault.IsCompleted, "The engine has stopped.");
    }

    [Theory]
    [InlineData(NoSpace)]
    [InlineData(ReadOnlyFileSystem)]
    [InlineData(Device)]
    public async Task Activity_ThatTheDeviceFails_StopsTheEngine(int error)
    {
        var failing = new FailingOnce(fixture.Store, new IOException("the device failed", error));

        var run = fixture.RunAsync(3, index => Task.FromResult(EngineFixture.Success(index)), writeShard: failing);
        var fault = await fixture.Fault.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(error, fault.HResult);
        Assert.False(run.IsFaulted, "The batch has failed with it.");
    }

    sealed class FailingOnce(IBatchStore store, Exception exception) : TaskActivity<ShardOutcomes, WrittenShard>
    {
        int calls;

        public int Calls => calls;

        public override Task<WrittenShard> RunAsync(TaskActivityContext context, ShardOutcomes input) =>
            Interlocked.Increment(ref calls) == 1 ? throw exception : new WriteShard(store).RunAsync(context, input);
    }
}
