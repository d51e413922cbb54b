namespace Rollcall.Tests.Docs;

/// <summary>The limits that the code keeps so that it can be read: how long a line is, and a file.</summary>
public sealed class CodeShapeTests
{
    const int MaxColumns = 140;
    const int MaxLines = 250;

    static readonly string Built = Path.DirectorySeparatorChar + "obj" + Path.DirectorySeparatorChar;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Lines_OfTheCode_AreAtMost140ColumnsLong(string folder) => Assert.Empty(
        from file in FilesIn(folder)
        from line in File.ReadLines(file).Index()
        where line.Item.Length > MaxColumns
        select $"{file}({line.Index + 1}) has {line.Item.Length} columns.");

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Files_OfTheCode_HaveAtMost250Lines(string folder) => Assert.Empty(
        from file in FilesIn(folder)
        let lines = File.ReadLines(file).Count()
        where lines > MaxLines
        select $"{file} has {lines} lines.");

    static IEnumerable<string> FilesIn(string folder) =>
        Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains(Built, StringComparison.Ordinal));
}
