namespace Rollcall.FunctionsHost;

/// <summary>The output folder of a built .NET isolated Functions app.</summary>
/// <param name="Root">The folder's full path.</param>
/// <param name="WorkerExecutable">What starts the worker, such as <c>dotnet</c>.</param>
/// <param name="WorkerPath">The worker's full path.</param>
/// <param name="HostJson">What <c>host.json</c> says.</param>
/// <param name="LocalSettings">The environment variables of <c>local.settings.json</c>; none where there is no such file.</param>
sealed record AppFolder(string Root, string WorkerExecutable, string WorkerPath, IConfiguration HostJson, IConfiguration LocalSettings)
{
    /// <summary>Reads the folder.</summary>
    /// <exception cref="HostException">It is not the output folder of a Functions app.</exception>
    public static AppFolder Open(string path)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var worker = Read(root, "worker.config.json").GetSection("description");
        string workerPath = Path.Combine(root, worker["defaultWorkerPath"] ?? "");
        return !File.Exists(workerPath) || worker["defaultExecutablePath"] is not { } executable
            ? throw new HostException($"There is no worker at '{workerPath}', which '{root}/worker.config.json' names. Build the app again.")
            : new AppFolder(
                root,
                executable,
                workerPath,
                Read(root, "host.json"),
                Read(root, "local.settings.json", optional: true).GetSection("Values"));
    }

    static IConfigurationRoot Read(string root, string name, bool optional = false)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.Combine(root, name), optional).Build();
        }
        catch (FileNotFoundException exception)
        {
            throw new HostException(
                $"'{root}' is not the output folder of a .NET isolated Functions app: it has no {name}. "
                + "Build the app and give the folder that the build wrote, such as src/Rollcall.Functions/bin/Debug/net10.0.",
                exception);
        }
        catch (InvalidDataException exception)
        {
            throw new HostException($"'{root}/{name}' is not JSON: {exception.GetBaseException().Message}", exception);
        }
    }
}
