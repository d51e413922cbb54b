using System.Text.RegularExpressions;

namespace Rollcall.Tests.Docs;

public sealed partial class GuaranteesTests
{
    static readonly string DocsFolder = Path.Combine(Repository.Root, "docs");

    static readonly string[] Promises = [
        .. File.ReadLines(Path.Combine(DocsFolder, "guarantees.md")).Where(line => line.StartsWith("- ", StringComparison.Ordinal))];

    [Fact]
    public void Promises_OfTheList_AreEachOneSentenceWithATest()
    {
        Assert.NotEmpty(Promises);
        Assert.All(
            Promises,
            promise => Assert.True(OneSentence().IsMatch(promise), $"This is not one sentence with the tests that prove it: {promise}"));
    }

    [Fact]
    public void Tests_ThatPromisesName_AreInTheFilesAndRunUnasked()
    {
        var links = Promises.SelectMany(promise => Link().Matches(promise))
            .Select(match => (Test: match.Groups[1].Value, File: match.Groups[2].Value))
            .ToList();
        Assert.NotEmpty(links);
        foreach (var (test, file) in links)
        {
            string path = Path.Combine(DocsFolder, file);
            Assert.True(File.Exists(path), $"{file}, which is to have {test}, is not there.");
            string attributes = AttributesOf(test, File.ReadAllText(path));
            Assert.True(
                attributes.Contains("[Fact", StringComparison.Ordinal) || attributes.Contains("[Theory", StringComparison.Ordinal),
                $"{file} has no test {test}.");
            Assert.DoesNotContain("Explicit", attributes, StringComparison.Ordinal);
            Assert.DoesNotContain("Skip", attributes, StringComparison.Ordinal);
        }
    }

    // What stands before the method, up to the empty line that parts it from the member before.
    static string AttributesOf(string method, string code)
    {
        int end = code.IndexOf($" {method}(", StringComparison.Ordinal);
        return end < 0 ? "" : code[(code.LastIndexOf("\n\n", end, StringComparison.Ordinal) + 1)..end];
    }

    [GeneratedRegex(@"^- [^.]+(`\.[^`]*`[^.]*)*\. (\[\w+\]\(\.\./tests/[\w./]+\.cs\) ?)+$")]
    private static partial Regex OneSentence();

    [GeneratedRegex(@"\[(\w+)\]\((\.\./tests/[\w./]+\.cs)\)")]
    private static partial Regex Link();
}
