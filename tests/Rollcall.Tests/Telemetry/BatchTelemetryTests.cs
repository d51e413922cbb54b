using Microsoft.Extensions.Time.Testing;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Targets;
using Rollcall.Telemetry;
using Rollcall.Tests.Building;
using Rollcall.Tests.Docs;
using Rollcall.Tests.Lifecycle;

namespace Rollcall.Tests.Telemetry;

public sealed class BatchTelemetryTests : IDisposable
{
    readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    readonly BatchTelemetry telemetry;
    readonly Heard heard;

    public BatchTelemetryTests()
    {
        telemetry = new BatchTelemetry(time);
        heard = new Heard(telemetry);
    }

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        heard.Dispose();
        telemetry.Dispose();
    }

    [Fact]
    public void Instruments_OfTheMeter_HaveTheirNamesUnitsAndKinds() => Assert.Equal(
        Told.Instruments.Select(told => $"{told.Key} {told.Value.Unit} {told.Value.Kind}").Order(StringComparer.Ordinal),
        heard.Instruments.Select(made => $"{made.Name} {made.Unit} {made.GetType().Name.Split('`')[0]}").Order(StringComparer.Ordinal));

    [Fact]
    public void Instruments_OfThePage_AreThoseOfTheMeterWithTheirUnitsAndTags()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        Assert.All(Told.Instruments, told =>
        {
            string tags = string.Join(", ", told.Value.Tags.Select(tag => $"`{tag}`"));
            Assert.Contains(
                $"| `{told.Key}` | `{told.Value.Unit}` | {(tags.Length > 0 ? tags : "none")} |",
                page,
                StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Batch_ThatIsSealed_HasEndedOnceAndTookATime()
    {
        using var batch = await TestBatch.Of(3);
        await batch.WriteAllShardsAsync();
        var activity = new SealBatch(batch.Store, batch.Controls, batch.Time, telemetry);
        await activity.RunAsync(TestBatch.AnyContext, new BatchRunAddress(TestBatch.Id, 1));
        await activity.RunAsync(TestBatch.AnyContext, new BatchRunAddress(TestBatch.Id, 1));
        Assert.Equal(["completed 1"], heard.TextOf("rollcall.batches.ended"));
        Assert.Single(heard.Of("rollcall.seal.duration"));
    }

    [Fact]
    public async Task Batch_WhoseResultsAreGone_HasNotEnded()
    {
        using var batch = await TestBatch.Of(3);
        await new SealBatch(batch.Store, batch.Controls, batch.Time, telemetry).RunAsync(
            TestBatch.AnyContext,
            new BatchRunAddress(TestBatch.Id, 1));
        Assert.Empty(heard.All);
    }

    [Fact]
    public async Task Batches_ThatAreOpen_AreCountedByAPassUntilTheNextIsLongDue()
    {
        using var world = new TestReconciler();
        await AddOpenAsync(world);
        Assert.Empty(heard.Observe("rollcall.batches.open"));
        Assert.Empty(heard.Observe("rollcall.batches.oldest.age"));
        await PassAsync(world);
        Assert.Equal(["scheduled 0", "running 2", "paused 1", "stopping 0"], heard.Observe("rollcall.batches.open"));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["63"], heard.Observe("rollcall.batches.oldest.age"));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(heard.Observe("rollcall.batches.open"));
        Assert.Empty(heard.Observe("rollcall.batches.oldest.age"));
    }

    [Fact]
    public async Task Batches_WhereNoneIsOpen_AreNone()
    {
        using var world = new TestReconciler();
        await world.AddEndedAsync("ended");
        await PassAsync(world);
        Assert.Equal(["scheduled 0", "running 0", "paused 0", "stopping 0"], heard.Observe("rollcall.batches.open"));
        Assert.Equal(["0"], heard.Observe("rollcall.batches.oldest.age"));
    }

    [Fact]
    public async Task Batch_ThatFailsForGood_HasEndedAsFailedAndIsNotOpen()
    {
        using var world = new TestReconciler();
        await world.AddAsync("lost");
        world.End("lost", "It was terminated.", isTerminated: true);
        await PassAsync(world);
        await PassAsync(world);
        Assert.Equal(["failed 1"], heard.TextOf("rollcall.batches.ended"));
        Assert.Contains("running 0", heard.Observe("rollcall.batches.open"));
    }

    [Fact]
    public async Task Batch_ThatIsDamaged_HasEndedAsFailed()
    {
        using var world = new TestReconciler();
        await world.AddAsync("broken");
        world.End("broken", failure: null);
        world.Break("broken");
        await PassAsync(world);
        await PassAsync(world);
        Assert.Equal(["failed 1"], heard.TextOf("rollcall.batches.ended"));
    }

    [Fact]
    public async Task Intake_OfABatch_CountsItsPayloadsOnce()
    {
        using var world = new TestReconciler();
        await TakeInAsync(world);
        await TakeInAsync(world);
        Assert.Equal([3 * """{"n":0}""".Length], heard.Of("rollcall.intake.io").Select(m => (int)m.Value));
    }

    [Fact]
    public async Task Tags_OfEachInstrument_AreTheNamedOnesAndNoneIsOfABatch()
    {
        using var world = new TestReconciler();
        await TakeInAsync(world);
        await AddOpenAsync(world);
        await PassAsync(world);
        await using var target = Target.Start(Responses.With(503, ""));
        using var sender = new TestSender(telemetry: telemetry) { MaxWaitSeconds = 0.05 };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(index => sender.SendAsync(target.Url, "{}", index)));
        using var batch = await TestBatch.Of(1);
        await new WriteShard(batch.Store, telemetry: telemetry).RunAsync(
            TestBatch.AnyContext,
            new ShardOutcomes(TestBatch.Id, 1, 0, [outcomes[0]]));
        await new SealBatch(batch.Store, batch.Controls, batch.Time, telemetry).RunAsync(
            TestBatch.AnyContext,
            new BatchRunAddress(TestBatch.Id, 1));
        heard.Observe("");

        string[] ids = [TestBatch.Id, "taken", "oldest", "live", "paused"];
        Assert.Equal(
            Told.Instruments.Keys.Order(StringComparer.Ordinal),
            heard.All.Select(m => m.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.All(
            Told.Instruments,
            told => Assert.Equal(told.Value.Tags.Order(), heard.Of(told.Key).SelectMany(m => m.Tags.Keys).Distinct().Order()));
        Assert.All(
            heard.All.Where(m => m.Name != "rollcall.batches.open").SelectMany(m => m.Tags.Values),
            value => Assert.DoesNotContain($"{value}", ids));
    }

    async Task AddOpenAsync(TestReconciler world)
    {
        foreach (string id in new[] { "oldest", "live", "paused" })
        {
            await world.AddAsync(id);
            world.Run(id);
        }

        var manifest = (await world.Store.FindManifestAsync("paused", Cancelled))!;
        await new BatchControls(world.Store, world.Time).ChangeAsync(manifest, control => control.Paused(true), Cancelled);
        time.SetUtcNow(world.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        world.Time.Advance(TimeSpan.FromSeconds(1));
    }

    async Task PassAsync(TestReconciler world) =>
        await new Reconciler(
            world.Store,
            world.Catalog,
            world.Time,
            world.Options,
            telemetry).ReconcileAsync(world.Scheduler, Cancelled).ToListAsync(Cancelled);

    async Task TakeInAsync(TestReconciler world) =>
        await new BatchStarter(world.Store, world.Catalog, world.Time, world.Options, telemetry: telemetry).StartAsync(
        new BatchRequest(
            "taken",
            new BatchTarget("http://127.0.0.1:1/", new Dictionary<string, TargetHeader>()),
            new BatchOptions(),
            TestItems.Of(3).ToAsyncEnumerable()),
        "taken",
        world.Scheduler,
        Cancelled);
}
