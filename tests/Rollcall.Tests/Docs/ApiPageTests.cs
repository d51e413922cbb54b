using System.Text.Json;
using System.Text.RegularExpressions;
using Rollcall.Api;
using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Tests.Docs;

/// <summary><c>docs/api.md</c> says of every request what the OpenAPI document does.</summary>
public sealed partial class ApiPageTests
{
    static readonly JsonElement Document = Read();
    static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "api.md"));

    [Fact]
    public void Requests_OfThePage_AreThoseOfTheDocument() =>
        Assert.Equal(
            Operations().Select(operation => operation.Name).Order(StringComparer.Ordinal),
            Sections().Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Parameters_OfEachRequest_AreThoseOfTheDocument()
    {
        foreach (var (name, operation) in Operations())
        {
            var named = operation.TryGetProperty("parameters", out var parameters)
                ? parameters
                    .EnumerateArray()
                    .Select(Resolve)
                    .Where(p => p.GetProperty("in").ValueEquals("query"))
                    .Select(p => p.GetProperty("name").GetString()!)
                : [];
            Assert.True(
                named.SequenceEqual(WordsAfter(name, "Parameters")),
                $"{name}: the document has the parameters {string.Join(", ", named)}.");
        }
    }

    [Fact]
    public void Responses_OfEachRequest_AreThoseOfTheDocument()
    {
        foreach (var (name, operation) in Operations())
        {
            var responses = operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToList();
            Assert.True(
                responses.SequenceEqual(WordsAfter(name, "Responses")),
                $"{name}: the document has the responses {string.Join(", ", responses)}.");
        }
    }

    [Fact]
    public void States_OfABatch_AreAllThere()
    {
        string states = Page[
            Page.IndexOf("## The states of a batch", StringComparison.Ordinal)..Page.IndexOf(
                "## POST /api/batches\n",
                StringComparison.Ordinal)];
        Assert.All(Enum.GetValues<BatchState>(), state => Assert.Contains($"`{KebabCase.Of(state)}`", states, StringComparison.Ordinal));
    }

    static IReadOnlyList<string> WordsAfter(string section, string label)
    {
        string? line = Sections()[section].Split('\n').FirstOrDefault(text => text.StartsWith($"- {label}: ", StringComparison.Ordinal));
        return line is null ? [] : [.. Word().Matches(line).Select(match => match.Groups[1].Value)];
    }

    static Dictionary<string, string> Sections() =>
        Section().Split(Page).Skip(1).Chunk(2).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);

    static IEnumerable<(string Name, JsonElement Operation)> Operations() =>
        Document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(operation => operation.Name != "parameters")
            .Select(operation => ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)));

    static JsonElement Resolve(JsonElement parameter)
    {
        if (!parameter.TryGetProperty("$ref", out var reference))
        {
            return parameter;
        }

        return reference.GetString()!.Split('/').Skip(1).Aggregate(Document, (at, part) => at.GetProperty(part));
    }

    static JsonElement Read()
    {
        using var stream = typeof(ServiceApi).Assembly.GetManifestResourceStream("openapi.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }

    [GeneratedRegex(@"^## ((?:GET|POST|PUT|PATCH|DELETE) \S+)$", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Word();
}
