namespace Rollcall.Sqlite.Tests.Hosting;

/// <summary>A folder for one test.</summary>
sealed class TestFolder : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollcall-sqlite-");

    public string Database => File("test.db");

    public string File(string name) => Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);
}
