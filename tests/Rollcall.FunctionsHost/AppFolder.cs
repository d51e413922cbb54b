using System.Text.Json;

namespace Rollcall.FunctionsHost;

/// <summary>The output folder of a built .NET isolated Functions app.</summary>
/// <param name="Root">The folder's full path.</param>
/// <param name="WorkerExecutable">What starts the worker, such as <c>dotnet</c>.</param>
/// <param name="WorkerPath">The worker's full path.</param>
/// <param name="HostSettings">The values of <c>host.json</c>, by configuration key.</param>
/// <param name="LocalSettings">The values of <c>local.settings.json</c>, by environment variable; empty where there is no such file.</param>
public sealed record AppFolder(
    string Root,
    string WorkerExecutable,
    string WorkerPath,
    IReadOnlyDictionary<string, string?> HostSettings,
    IReadOnlyDictionary<string, string> LocalSettings)
{
    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the folder.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>What a host needs to know of it.</returns>
    /// <exception cref="HostException">It is not the output folder of a Functions app.</exception>
    public static AppFolder Open(string path)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        using var config = Parse(root, "worker.config.json");
        var worker = config.RootElement.GetProperty("description");
        string workerPath = Path.Combine(root, worker.GetProperty("defaultWorkerPath").GetString()!);
        if (!File.Exists(workerPath))
        {
            throw new HostException($"The worker '{workerPath}', which worker.config.json names, does not exist. Build the app again.");
        }

        using var hostJson = Parse(root, "host.json");
        return new AppFolder(
            root,
            worker.GetProperty("defaultExecutablePath").GetString()!,
            workerPath,
            Flatten(Path.Combine(root, "host.json")),
            ReadLocalSettings(root));
    }

    static JsonDocument Parse(string root, string name)
    {
        string path = Path.Combine(root, name);
        if (!File.Exists(path))
        {
            throw new HostException(
                $"'{root}' is not the output folder of a .NET isolated Functions app: it has no {name}. "
                + "Build the app and give the folder that the build wrote, such as src/Rollcall.Functions/bin/Debug/net10.0.");
        }

        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
        }
        catch (JsonException exception)
        {
            throw new HostException($"'{path}' is not JSON: {exception.Message}", exception);
        }
    }

    static Dictionary<string, string?> Flatten(string path) =>
        new ConfigurationBuilder().AddJsonFile(path).Build().AsEnumerable()
            .Where(pair => pair.Value is not null)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);

    static Dictionary<string, string> ReadLocalSettings(string root)
    {
        const string Name = "local.settings.json";
        if (!File.Exists(Path.Combine(root, Name)))
        {
            return [];
        }

        using var document = Parse(root, Name);
        return document.RootElement.TryGetProperty("Values", out var values)
            ? values.EnumerateObject().ToDictionary(v => v.Name.Replace(":", "__", StringComparison.Ordinal), v => v.Value.ToString())
            : [];
    }
}
