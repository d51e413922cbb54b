using System.Text.Json;
using System.Text.RegularExpressions;
using Rollcall.Tests.Docs;
using Rollcall.Tests.Telemetry;

namespace Rollcall.Tests.Deploy;

/// <summary>The queries of the alerts and of the workbook ask for what the app tells, under the names that it has.</summary>
public sealed partial class QueryTests
{
    static readonly string Infra = Path.Combine(Repository.Root, "infra", "app");

    static readonly Dictionary<string, string> Names =
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Infra, "metrics.json")))!;

    // What the worker's log exporter adds to a log's line: its category and what its template is filled with.
    static readonly string[] OfLogs = ["CategoryName", "Found"];

    public static TheoryData<string> Titles => [.. Queries().Keys];

    [Theory]
    [MemberData(nameof(Titles))]
    public void Query_OfAnAlertOrAPanel_UsesInstrumentsThatThereAreWithTheirTags(string title)
    {
        string query = Queries()[title];
        Assert.DoesNotMatch(Placeholder(), query);
        var instruments = InstrumentName().Matches(query).Select(match => match.Groups[1].Value)
            .Concat(InstrumentList().Matches(query).SelectMany(match => Quoted().Matches(match.Value).Select(name => name.Groups[1].Value)))
            .Distinct()
            .ToList();
        Assert.All(instruments, name => Assert.Contains(name, Told.Instruments.Keys));
        Assert.True(
            instruments.Count > 0 || !query.Contains("customMetrics", StringComparison.Ordinal),
            $"{title} reads metrics of no name.");

        var known = instruments
            .SelectMany(name => Told.Instruments[name].Tags)
            .Concat(instruments.Count > 0 ? [] : Told.SpanTags)
            .Concat(OfLogs);
        Assert.All(
            Dimension().Matches(query).Select(match => match.Groups[1].Value + match.Groups[2].Value),
            tag => Assert.Contains(tag, known));
    }

    [Fact]
    public void Names_OfTheFile_AreAllUsedAndToldOf()
    {
        string all = Alerts() + Workbook();
        Assert.All(Names, name => Assert.Contains($"{{{name.Key}}}", all, StringComparison.Ordinal));
        Assert.All(
            Names.Values,
            name => Assert.Contains(name, Told.Instruments.Keys.Concat(Told.Instruments.Values.SelectMany(told => told.Tags))));
    }

    [Fact]
    public void Instruments_OfTheMeter_AreAllInAPanelButTheTimeOfAnAttempt()
    {
        // Application Insights keeps no buckets of a histogram: that panel's percentiles are of the spans.
        string panels = Filled(Workbook());
        Assert.All(
            Told.Instruments.Keys.Where(name => name != "rollcall.attempt.duration"),
            name => Assert.Contains($"'{name}'", panels, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_OfTheOperators_NamesEachAlertAndEachPanel()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        Assert.Equal(4, Rule().Count(Alerts()));
        Assert.All(
            Queries().Keys.Append("The storage account refuses requests"),
            title => Assert.Contains($"| {title} |", page, StringComparison.Ordinal));
    }

    static Dictionary<string, string> Queries() =>
        Rule().Matches(Alerts()).Select(match => (Title: match.Groups[1].Value, Query: match.Groups[2].Value))
        .Concat(JsonElement.Parse(Workbook()).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("content"))
            .Where(content => content.TryGetProperty("query", out _))
            .Select(content => (Title: content.GetProperty("title").GetString()!, Query: content.GetProperty("query").GetString()!)))
        .ToDictionary(pair => pair.Title, pair => Filled(pair.Query));

    // As the two templates do it.
    static string Filled(string text) =>
        Names.Aggregate(text, (filled, name) => filled.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));

    static string Alerts() => File.ReadAllText(Path.Combine(Infra, "alerts.bicep"));

    static string Workbook() => File.ReadAllText(Path.Combine(Infra, "workbook.json"));

    [GeneratedRegex(@"title: '([^']+)'.*?query: '''(.*?)'''", RegexOptions.Singleline)]
    private static partial Regex Rule();

    [GeneratedRegex(@"\{[A-Za-z]+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\bname == '([^']+)'")]
    private static partial Regex InstrumentName();

    [GeneratedRegex(@"\bname in \([^)]*\)")]
    private static partial Regex InstrumentList();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"customDimensions(?:\['([^']+)'\]|\.(\w+))")]
    private static partial Regex Dimension();
}
