using Rollcall.Batches;
using Rollcall.Cli;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>What a run does with the state that a killed one left.</summary>
public sealed class KilledRunTests : IAsyncLifetime
{
    const int Items = 150;
    const int Written = 100;

    readonly RunFolder folder = new(Items);
    GatedTarget target = null!;

    string Batch => Assert.Single(Directory.GetDirectories(Path.Combine(folder.State, "batches")));

    string FirstShard => Path.Combine(Batch, "results", "000000.jsonl");

    public async ValueTask InitializeAsync()
    {
        target = await GatedTarget.StartAsync(responseBytes: 200);
        var held = Enumerable.Range(Written, Items - Written).Select(RunFolder.Payload).ToHashSet();
        target.HoldBeforeResponse(held.Contains);
        using var cli = CliProcess.Start(folder.Run(target.Url));
        await target.WaitForArrivalsAsync(Items);
        await Eventually.BeTrueAsync("a shard is written", TimeSpan.FromSeconds(30), () => Task.FromResult(File.Exists(FirstShard)));
        await cli.KillAsync();
        target.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Stop_WhileWhatIsThereIsCounted_SendsNothingAndSaysHowMuchIsThere()
    {
        int sent = target.ReceivedInAll;
        using var stop = new CancellationTokenSource();
        var settings = new RunSettings
        {
            Input = "-",
            Output = OutputTarget.Open(folder.Output),
            StateFolder = folder.State,
            Request = new BatchTarget(target.Url, new Dictionary<string, TargetHeader>()),
        };
        byte[] input = await File.ReadAllBytesAsync(folder.Input, TestContext.Current.CancellationToken);
        var runner = new BatchRunner(
            settings,
            new LineView(TextWriter.Null, TimeProvider.System),
            () => new LastStream(input, stop.Cancel));

        var stopped = await Assert.ThrowsAsync<CliException>(() => runner.RunAsync(stop.Token));

        Assert.Equal(
            (3, $"Stopped. {Written} of {Items} items are recorded; run the same command to resume."),
            (stopped.ExitCode, stopped.Message));
        Assert.Equal(sent, target.ReceivedInAll);
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        folder.RequireEveryResponse(Items, 200);
    }

    [Theory]
    [InlineData("000000.jsonl")]
    [InlineData("engine.db")]
    public async Task State_ThatIsDamagedBeforeTheSeal_IsMadeAgainFromWhatIsWhole(string file)
    {
        string path = file == "engine.db" ? Path.Combine(folder.State, file) : FirstShard;
        await using (var stream = new FileStream(path, FileMode.Open))
        {
            stream.Position = 30;
            stream.Write([0xFF, 0, 0xFF]);
        }

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        folder.RequireEveryResponse(Items, 200);
    }

    [Fact]
    public async Task Manifest_ThatIsDamaged_IsOneLineAndTheRunGoesOnWhenItIsRestored()
    {
        string path = Path.Combine(Batch, "manifest.json");
        byte[] whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, "{damaged}\n", TestContext.Current.CancellationToken);

        var damaged = await CliProcess.RunAsync(folder.Run(target.Url));
        await File.WriteAllBytesAsync(path, whole, TestContext.Current.CancellationToken);
        var restored = await CliProcess.RunAsync(folder.Run(target.Url));

        damaged.RequireError(3, $"The state folder '{folder.State}' is damaged: ");
        Assert.Contains("is damaged: manifest.json ", damaged.Errors, StringComparison.Ordinal);
        restored.RequireExit(0);
        folder.RequireEveryResponse(Items, 200);
    }

    /// <summary>Tells when it is read to its end.</summary>
    sealed class LastStream(byte[] content, Action ended) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                ended();
            }

            return read;
        }
    }
}
