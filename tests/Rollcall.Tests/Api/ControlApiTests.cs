namespace Rollcall.Tests.Api;

public sealed class ControlApiTests
{
    [Fact]
    public async Task Cancel_MadeAgainWhileTheBatchStops_TellsItsOrchestrationAgain()
    {
        using var api = new TestApi();
        await api.StartBatchAsync();
        Assert.Equal(202, (await api.ChangeAsync("b", "cancel")).Status);
        api.Scheduler.Signals.Clear();

        // The first caller's process may have ended before the telling.
        Assert.Equal(200, (await api.ChangeAsync("b", "cancel")).Status);
        Assert.NotNull(Assert.Single(api.Scheduler.Signals).Stop);
    }
}
