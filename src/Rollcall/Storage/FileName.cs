using System.Globalization;

namespace Rollcall.Storage;

/// <summary>The names of a batch's files in its folder.</summary>
static class FileName
{
    public const string Manifest = "manifest.json";

    public const string Control = "control.json";

    const string LinesEnd = ".jsonl";

    public static string Receipt(int run) => InRun(run, "receipt.json");

    public static string Failure(int run) => InRun(run, "failure.json");

    public static string Repair(int run, int number) => InRun(run, string.Create(CultureInfo.InvariantCulture, $"repair-{number}.json"));

    public static string Notice(int run) => Path.Combine("notices", string.Create(CultureInfo.InvariantCulture, $"{run}.json"));

    public static string Bodies(int shard) => Path.Combine("bodies", NameOf(shard));

    public static string Body(int shard, string name) => Path.Combine(Bodies(shard), name);

    /// <summary>The folder of a run's results.</summary>
    public static string ResultsOf(int run) => InRun(run, "results");

    public static string Results(int run, int shard) => Path.Combine(ResultsOf(run), NameOf(shard) + LinesEnd);

    /// <summary>The shard whose results are in a file; null for a file that somebody else has put there.</summary>
    public static int? ShardOf(string results) =>
        int.TryParse(Path.GetFileNameWithoutExtension(results), NumberStyles.None, CultureInfo.InvariantCulture, out int shard)
        && results == NameOf(shard) + LinesEnd ? shard : null;

    static string InRun(int run, string name) => run == 1 ? name : Path.Combine("runs", run.ToString(CultureInfo.InvariantCulture), name);

    static string NameOf(int shard) => shard.ToString("D6", CultureInfo.InvariantCulture);
}
