using System.ComponentModel;
using System.Diagnostics;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>The Node packages that <c>package-lock.json</c> pins, Azurite among them.</summary>
static class NodeModules
{
    static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    static readonly string Folder = Path.Combine(Repository.Root, "node_modules");

    public static string Azurite { get; } = Path.Combine(Folder, "azurite", "dist", "src", "azurite.js");

    /// <summary>Installs the packages if they are missing or older than the lock file, once for all test processes.</summary>
    public static async Task RequireAsync()
    {
        if (IsCurrent())
        {
            return;
        }

        string folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "tests", "Rollcall.EndToEnd.Tests", "obj")).FullName;
        string lockFile = Path.Combine(folder, "npm.lock");
        await using var turn = await Eventually.FindAsync(
            "another test process ends 'npm ci'",
            InstallLimit,
            () => Task.FromResult(TryLock(lockFile)));
        if (!IsCurrent())
        {
            await InstallAsync();
        }
    }

    /// <summary>Starts a program of Node's, or fails with what is to be installed.</summary>
    public static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(
                $"'{info.FileName}' cannot be started. The tests of the Function App need Node.js 20 or newer with npm, for Azurite: "
                + "install it from https://nodejs.org or with the system's package manager, and run the tests again.",
                exception);
        }
    }

    // npm writes this file last.
    static bool IsCurrent()
    {
        var installed = new FileInfo(Path.Combine(Folder, ".package-lock.json"));
        return installed.Exists
            && File.Exists(Azurite)
            && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Repository.Root, "package-lock.json"));
    }

    static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Another process has it: the caller asks again.
            return null;
        }
    }

    static async Task InstallAsync()
    {
        // Core Tools are an optional dependency that downloads a program at its installation, which many a machine may not.
        using var npm = Start(new ProcessStartInfo("npm", ["ci", "--omit=optional", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        var output = new LineLog(npm.StandardOutput);
        var errors = new LineLog(npm.StandardError);
        using var limit = new CancellationTokenSource(InstallLimit);
        await npm.WaitForExitAsync(limit.Token);
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"'npm ci' in {Repository.Root} ended with exit code "
                + $"{npm.ExitCode}:\n{await output.ReadToEndAsync()}{await errors.ReadToEndAsync()}");
        }
    }
}
