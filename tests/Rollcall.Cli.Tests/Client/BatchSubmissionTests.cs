using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Intake;

namespace Rollcall.Cli.Tests.Client;

public sealed class BatchSubmissionTests
{
    static readonly BatchSubmission Plain = new()
    {
        Id = "b1",
        Request = new BatchTarget("http://127.0.0.1:9/?a=b&c", new Dictionary<string, TargetHeader>()),
        Headers = new Dictionary<string, string>(),
        SecretHeaders = new Dictionary<string, string>(),
        Options = new BatchOptions(),
    };

    [Fact]
    public void Query_OfDefaults_HasEachOptionThatIsSet()
    {
        var options = OptionField.All.Where(option => option.FindText(Plain.Options) is not null);
        string query = string.Join('&', options.Select(option => $"{option.Parameter}={option.FindText(Plain.Options)}"));
        Assert.Contains("firstDelaySeconds=1&maxDelaySeconds=60", query, StringComparison.Ordinal);
        Assert.Equal($"?id=b1&to=http%3A%2F%2F127.0.0.1%3A9%2F%3Fa%3Db%26c&input=lines&{query}", Plain.ToQuery());
    }

    [Fact]
    public void Query_OfAnotherInput_HasWhatDecidesItsItems()
    {
        var items = new InputOptions
        {
            Format = InputFormat.Csv,
            CsvTypes = CsvTypes.String,
            Id = "/a b",
            AllowDuplicateIds = true,
            Limit = 7,
        };
        Assert.Contains(
            "&input=csv&csvTypes=string&itemId=%2Fa%20b&allowDuplicateIds=true&limit=7&",
            (Plain with { Items = items }).ToQuery(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Query_OfEveryBound_HasThemAll()
    {
        var submission = Plain with
        {
            Options = new BatchOptions { RatePerSecond = 0.5, DeadlineSeconds = 1.5, MaxFailedItems = 0, MaxFailedPercent = 2.5 },
            StartAt = new DateTimeOffset(2026, 1, 31, 22, 0, 0, 500, TimeSpan.FromHours(1)),
            OnCompleted = new OnCompleted
            {
                Webhook = new CompletionWebhook("https://example.com/done?a=b", "HOOK"),
                Queue = "done-batches",
            },
        };

        Assert.All(
            ["ratePerSecond=0.5", "deadlineSeconds=1.5", "maxFailedItems=0", "maxFailedPercent=2.5"],
            option => Assert.Contains($"&{option}&", submission.ToQuery(), StringComparison.Ordinal));
        Assert.EndsWith(
            "&startAt=2026-01-31T21%3A00%3A00.5Z&webhook=https%3A%2F%2Fexample.com%2Fdone%3Fa%3Db"
                + "&webhookSecret=HOOK&notifyQueue=done-batches",
            submission.ToQuery(),
            StringComparison.Ordinal);
    }
}
