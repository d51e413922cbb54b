using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;
using Spectre.Console;

namespace Rollcall.Cli.Tests.Terminal;

public sealed class ProgressTextTests
{
    static readonly BatchStatus Running = new()
    {
        Id = "b1",
        Status = BatchState.Running,
        Items = 30_000,
        Run = 2,
        Done = 1_200,
        Counts = new OutcomeCounts { Succeeded = 1_188, Failed = 12, ByErrorCode = { ["http-status"] = 10, ["timeout"] = 2 } },
        Attempts = 1_260,
        Bytes = 1_234_567,
        ResponseTimes = new ResponseTimes(12.25, 40, 1_210),
        Concurrency = 64,
        CreatedAt = DateTimeOffset.UnixEpoch,
        ItemsPerSecond = 3_200.4,
        ItemsPerSecondNow = 3_450,
        SecondsLeft = 8,
    };

    static readonly Receipt Whole = new()
    {
        BatchId = "b1",
        Items = 3,
        Outcomes = 3,
        Counts = new OutcomeCounts { Succeeded = 3 },
        Sha256 = "ab",
        ContentSha256 = "cd",
        Run = 1,
        CreatedAt = DateTimeOffset.UnixEpoch,
        SealedAt = DateTimeOffset.UnixEpoch,
        Shards = [],
    };

    [Fact]
    public void Progress_OfABatchThatRuns_HasEverythingThatIsKnown() =>
        Assert.Equal(
            "run 2 · 1,200 of 30,000 · 3,450/s, 3,200/s on average · 12 failed (http-status 10, timeout 2) · p50 12.25 ms, p90 40 ms, "
            + "p99 1.21 s · 1.2 MB · 1,260 attempts · 0:08 left",
            ProgressText.Of(StatusText.ToSample(Running)));

    [Theory]
    [InlineData(BatchState.Paused, "paused · 3 of 3")]
    [InlineData(BatchState.Stopping, "stopping · 3 of 3")]
    [InlineData(BatchState.Scheduled, "scheduled until 2026-01-31 21:00:00Z · 3 of 3")]
    [InlineData(BatchState.Cancelled, "3 of 3")]
    public void Progress_OfABatchThatDoesNotRun_SaysHowItIs(BatchState state, string expected)
    {
        var status = new BatchStatus
        {
            Id = "b1",
            Status = state,
            Items = 3,
            Counts = new OutcomeCounts { Cancelled = 3, ByErrorCode = { ["cancelled"] = 3 } },
            CreatedAt = DateTimeOffset.UnixEpoch,
            StartAt = new DateTimeOffset(2026, 1, 31, 22, 0, 0, TimeSpan.FromHours(1)),
        };

        Assert.Equal($"{expected} · 3 cancelled", ProgressText.Of(StatusText.ToSample(status)));
    }

    [Fact]
    public void Receipt_OfALaterRunThatEndedEarly_SaysBoth()
    {
        var receipt = Whole with { Run = 2, Stop = new BatchStop(StopKind.Failed, "Too many.", DateTimeOffset.UnixEpoch) };

        Assert.Equal("3 in, 3 out, 3 succeeded, sha256 ab · run 2 · ended early, failed: Too many.", ProgressText.Of(receipt));
        Assert.Equal("3 in, 3 out, 3 succeeded, sha256 ab", ProgressText.Of(Whole));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(2_500_000_000_000, "2.5 TB")]
    public void Bytes_OfAnySize_HaveTheUnitThatFits(long bytes, string expected) => Assert.Equal(expected, ProgressText.OfBytes(bytes));

    [Fact]
    public async Task Bar_OnANarrowTerminal_ShowsTheWholeText()
    {
        using var screen = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(screen),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = 80;

        await new BarView(console, TimeProvider.System).ShowAsync(() => StatusText.ToSample(Running), Task.CompletedTask);

        foreach (string word in ProgressText.Of(StatusText.ToSample(Running)).Split(' '))
        {
            Assert.Contains(word, screen.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Note_BesideABar_ErasesTheBarBelowItFirstAndIsNotBroken()
    {
        string note = "rollcall watch " + new string('x', 200);
        using var screen = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(screen),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = 40;
        var view = new BarView(console, TimeProvider.System);
        var work = new TaskCompletionSource();

        var shown = view.ShowAsync(() => StatusText.ToSample(Running), work.Task);
        view.Note(note + "\e[31m");
        work.SetResult();
        await shown;

        Assert.Contains($"\e[J{note} [31m\n", screen.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
