using System.Diagnostics;
using System.Globalization;

namespace Rollcall.Benchmarks;

/// <summary>The published command line, a running target, and a folder for the files of the runs.</summary>
sealed class Workspace : IAsyncDisposable
{
    readonly Process target;

    Workspace(string folder, string rollcall, Process target, string url)
    {
        Folder = folder;
        Rollcall = rollcall;
        this.target = target;
        Url = url;
    }

    public string Folder { get; }

    /// <summary>The published executable.</summary>
    public string Rollcall { get; }

    /// <summary>The target's address, with a slash at the end.</summary>
    public string Url { get; }

    /// <summary>Starts the target.</summary>
    /// <param name="cli">The executable; null to publish it first.</param>
    public static async Task<Workspace> CreateAsync(string? cli)
    {
        string folder = Directory.CreateTempSubdirectory("rollcall-benchmarks-").FullName;
        string rollcall = cli ?? await PublishAsync(folder);
        var target = Process.Start(new ProcessStartInfo(rollcall, ["target", "--port", "0"]) { RedirectStandardOutput = true })!;
        string line = await target.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The target did not start.");
        return new Workspace(folder, rollcall, target, line.Split(' ')[2]);
    }

    /// <summary>Writes a file of payloads.</summary>
    public async Task<string> WriteItemsAsync(int items)
    {
        string path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"items-{items}.jsonl"));
        if (!File.Exists(path))
        {
            await File.WriteAllLinesAsync(
                path,
                Enumerable.Range(0, items).Select(n => string.Create(CultureInfo.InvariantCulture, $"{{\"param\":\"data-{n}\"}}")));
        }

        return path;
    }

    /// <summary>Runs a batch, and deletes its results.</summary>
    public Task<Measured> RunBatchAsync(int items, string query) => RunBatchAsync(Rollcall, items, query);

    /// <summary>Runs a batch with another executable, and deletes its results.</summary>
    public async Task<Measured> RunBatchAsync(string rollcall, int items, string query)
    {
        string input = await WriteItemsAsync(items);
        string output = Path.Combine(Folder, "results.jsonl");
        var measured = await Measured.RunAsync(rollcall, "run", input, "--to", Url + query, "--out", output, "--fresh");
        File.Delete(output);
        return measured;
    }

    /// <summary>Runs a batch of CSV rows whose URL and body are templates, and deletes its results.</summary>
    public async Task<Measured> RunRowsAsync(int items, string query)
    {
        string input = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"items-{items}.csv"));
        if (!File.Exists(input))
        {
            var rows = Enumerable.Range(0, items).Select(n => string.Create(CultureInfo.InvariantCulture, $"C{n},data-{n},{n}"));
            await File.WriteAllLinesAsync(input, rows.Prepend("customer,param,amount"));
        }

        string output = Path.Combine(Folder, "results.jsonl");
        string url = Url + "customers/{{customer}}" + query;
        var measured = await Measured.RunAsync(
            Rollcall, "run", input, "--to", url, "-X", "PUT", "--body", """{"param":"{{param}}"}""", "--out", output, "--fresh");
        File.Delete(output);
        return measured;
    }

    public async ValueTask DisposeAsync()
    {
        target.Kill();
        await target.WaitForExitAsync();
        target.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    static async Task<string> PublishAsync(string folder)
    {
        string project = Path.Combine(RepositoryRoot(), "src", "Rollcall.Cli");
        string published = Path.Combine(folder, "cli");
        // Built apart from the repository's own output, which another build may be writing to.
        await Measured.RunAsync(
            "dotnet",
            "publish",
            project,
            "-c",
            "Release",
            "-o",
            published,
            "--artifacts-path",
            Path.Combine(folder, "build"));
        return Path.Combine(published, "rollcall");
    }

    static string RepositoryRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Functions.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The benchmarks are run from inside the repository.");
    }
}
