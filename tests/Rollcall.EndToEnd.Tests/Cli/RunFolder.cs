using System.Globalization;
using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>A folder with a run's input, output and state.</summary>
sealed class RunFolder : IDisposable
{
    public RunFolder(int items = 0)
    {
        Path = Directory.CreateTempSubdirectory("rollcall-test-").FullName;
        if (items > 0)
        {
            WriteInput([.. Enumerable.Range(0, items).Select(Payload)]);
        }
    }

    public string Path { get; }

    public string Input => System.IO.Path.Combine(Path, "items.jsonl");

    public string Output => System.IO.Path.Combine(Path, "results.jsonl");

    public string State => Output + ".rollcall";

    public static string Payload(int number) => string.Create(CultureInfo.InvariantCulture, $"{{\"param\":\"data-{number}\"}}");

    public void WriteInput(params string[] lines) => File.WriteAllLines(Input, lines);

    /// <summary>The arguments of a run of this folder.</summary>
    public string[] Run(string url, params string[] more) => ["run", Input, "--to", url, "--out", Output, .. more];

    /// <summary>The result lines, after requiring that there is exactly one for each item, in input order.</summary>
    public IReadOnlyList<JsonElement> ReadResults(int items)
    {
        var results = File.ReadLines(Output).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Enumerable.Range(0, items), results.Select(result => result.GetProperty("index").GetInt32()));
        return results;
    }

    /// <summary>Requires a whole response of its own for each item, in input order.</summary>
    public void RequireEveryResponse(int items, int responseBytes)
    {
        var results = ReadResults(items);
        for (int number = 0; number < items; number++)
        {
            Assert.True(results[number].TryGetProperty("body", out var body), $"Item {number} has no body: {results[number]}");
            Assert.True(
                body.ValueEquals(GatedTarget.ResponseTo(Payload(number), responseBytes)),
                $"Item {number} has {body.GetString()!.Length} bytes that are not its own whole response of {responseBytes}.");
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
