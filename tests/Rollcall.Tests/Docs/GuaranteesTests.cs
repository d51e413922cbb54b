using System.Text.RegularExpressions;

namespace Rollcall.Tests.Docs;

public sealed partial class GuaranteesTests
{
    static readonly string DocsFolder = Path.Combine(
        Repository.Root,
        "docs");

    static readonly string[] Promises = [.. File.ReadLines(Path.Combine(DocsFolder, "guarantees.md")).Where(line => line.StartsWith("- ", StringComparison.Ordinal))];

    [Fact]
    public void Promises_OfTheList_AreEachOneSentenceWithATest()
    {
        Assert.NotEmpty(Promises);
        Assert.All(Promises, promise => Assert.True(OneSentence().IsMatch(promise), $"This is not one sentence with the tests that prove it: {promise}"));
    }

    [Fact]
    public void Tests_ThatPromisesName_AreInTheFilesAndRunUnasked()
    {
        var links = Promises.SelectMany(promise => Link().Matches(promise)).Select(match => (Test: match.Groups[1].Value, File: match.Groups[2].Value)).ToList();
        Assert.NotEmpty(links);
        foreach (var (test, file) in links)
        {
            string path = Path.Combine(DocsFolder, file);
            Assert.True(File.Exists(path), $"{file}, which is to have {test}, is not there.");
            var found = Method(test).Match(File.ReadAllText(path));
            Assert.True(found.Success, $"{file} has no test {test}.");
            Assert.DoesNotContain("Explicit", found.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("Skip", found.Value, StringComparison.Ordinal);
        }
    }

    static Regex Method(string name) => new($@"\[(Fact|Theory)[^\]]*\]\s+(\[[^\n]*\]\s+)*public (async Task|void) {Regex.Escape(name)}\(", RegexOptions.Singleline);

    [GeneratedRegex(@"^- [^.]+(`\.[^`]*`[^.]*)*\. (\[\w+\]\(\.\./tests/[\w./]+\.cs\) ?)+$")]
    private static partial Regex OneSentence();

    [GeneratedRegex(@"\[(\w+)\]\((\.\./tests/[\w./]+\.cs)\)")]
    private static partial Regex Link();
}
