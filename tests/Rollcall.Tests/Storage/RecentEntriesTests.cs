using System.Globalization;
using Rollcall.Storage;

namespace Rollcall.Tests.Storage;

public sealed class RecentEntriesTests
{
    const int Most = 1000;

    readonly RecentEntries<string, string> entries = new(StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Entries_ThatAreTooMany_AreForgottenForTheNextOne()
    {
        Fill();
        entries.Keep("one more", "kept");
        Assert.Null(entries.Find("0"));
        Assert.Equal("kept", entries.Find("One More"));
    }

    [Fact]
    public void Entry_ThatIsThere_IsReplacedWithNothingForgotten()
    {
        Fill();
        entries.Keep("7", "other");
        Assert.True(entries.TryReplace("8", before: "8", "other"));
        Assert.Equal("other", entries.Find("7"));
        Assert.Equal("other", entries.Find("8"));
        Assert.Equal("9", entries.Find("9"));
    }

    [Fact]
    public void Entry_ThatIsNotTheOneBefore_Stays()
    {
        entries.Keep("a", "1");
        Assert.False(entries.TryReplace("a", before: "2", "3"));
        Assert.False(entries.TryReplace("a", before: null, "3"));
        Assert.Equal("1+", entries.Keep("a", "3", there => there + "+"));
        Assert.True(entries.Remove("a"));
        Assert.False(entries.Remove("a"));
    }

    void Fill()
    {
        for (int i = 0; i < Most; i++)
        {
            string text = i.ToString(CultureInfo.InvariantCulture);
            Assert.True(entries.TryReplace(text, before: null, text));
        }
    }
}
