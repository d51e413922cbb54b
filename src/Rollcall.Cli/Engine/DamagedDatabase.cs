using Rollcall.Storage;

namespace Rollcall.Cli.Engine;

/// <summary>Sets aside an engine's database that cannot be used.</summary>
static class DamagedDatabase
{
    /// <summary>Renames it durably.</summary>
    public static string SetAside(string databasePath)
    {
        int number = 1;
        while (File.Exists(AsideOf("")))
        {
            number++;
        }

        // The log first: SQLite would take a log left behind for that of the next file with this name.
        foreach (string part in (string[])["-wal", "-shm", ""])
        {
            if (File.Exists(databasePath + part))
            {
                File.Move(databasePath + part, AsideOf(part));
            }
        }

        DurableFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(databasePath))!);
        return AsideOf("");

        string AsideOf(string part) => $"{databasePath}.damaged-{number}{part}";
    }
}
