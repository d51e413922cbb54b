namespace Rollcall.FunctionsHost;

/// <summary>The output folder of a built .NET isolated Functions app.</summary>
sealed record AppFolder(string Root, string WorkerExecutable, string WorkerPath, IConfiguration HostJson, IConfiguration LocalSettings)
{
    /// <summary>Reads the folder.</summary>
    /// <exception cref="HostException">It is not the output folder of a Functions app.</exception>
    public static AppFolder Open(string path)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var worker = Read(root, "worker.config.json").GetSection("description");
        string workerPath = Path.Combine(root, worker["defaultWorkerPath"] ?? "");
        if (!File.Exists(workerPath))
        {
            throw new HostException($"There is no worker at '{workerPath}', which '{root}/worker.config.json' names. Build the app again.");
        }

        var localSettings = Read(root, "local.settings.json", optional: true).GetSection("Values");
        return new AppFolder(root, worker["defaultExecutablePath"] ?? "dotnet", workerPath, Read(root, "host.json"), localSettings);
    }

    static IConfigurationRoot Read(string root, string name, bool optional = false)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.Combine(root, name), optional).Build();
        }
        catch (Exception exception) when (exception is FileNotFoundException or InvalidDataException)
        {
            throw new HostException(
                $"'{root}' is not what the build of a .NET isolated Functions app writes, such as "
                + "src/Rollcall.Functions/bin/Debug/net10.0. "
                + $"It has no {name} that can be read: {exception.GetBaseException().Message}",
                exception);
        }
    }
}
