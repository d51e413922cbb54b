using System.Globalization;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Tests.Intake;

public sealed class SeenIdsTests
{
    [Fact]
    public async Task Items_WithTheSameId_AreAllNamedWithBothLines()
    {
        const string Text = """
            {"id":"a","body":1}
            {"id":"b","body":2}
            {"id":"a","body":3}
            {"body":4}
            {"body":4}
            {"id":"\u0062","body":5}
            {"id":"a","body":6}
            """;

        var failure = await ReadLines.FailureAsync(Text, InputFormat.Items);

        Assert.Equal("3 of 7 lines cannot be sent.", failure.Message);
        Assert.Equal(
            [
                InputError.AtLine(3, "has the id \"a\", which line 1 has too: each item needs one of its own, or none."),
                InputError.AtLine(6, "has the id \"b\", which line 2 has too: each item needs one of its own, or none."),
                InputError.AtLine(7, "has the id \"a\", which line 1 has too: each item needs one of its own, or none."),
            ],
            failure.Errors);
    }

    [Fact]
    public async Task Payloads_WithTheSameFields_AreNoItemsWithIds() =>
        Assert.Equal(2, (await ReadLines.ItemsAsync("{\"id\":\"a\"}\n{\"id\":\"a\"}\n")).Count);

    [Fact]
    public void Ids_AMillionOfThem_AreAllToldApartInAFewBytesEach()
    {
        const int Count = 1_000_000;
        string suffix = new('x', 200);
        var ids = new SeenIds();
        long taken = 0;
        for (int i = 0; i < Count; i++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{i}{suffix}");
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Null(ids.FindOrAdd(id, i + 1));
            taken += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // Its array doubles when it is full, so that the one that is kept is half of what was taken.
        Assert.InRange(taken / (2.0 * Count), 16, 43);
        Assert.Equal(777_778, ids.FindOrAdd($"777777{suffix}", 5));
    }

    [Fact]
    public void Id_OfTheLongestKind_IsKnownAgain()
    {
        var ids = new SeenIds();
        string longest = new('中', BatchItem.MaxIdLength);
        Assert.Null(ids.FindOrAdd(longest, 1));
        Assert.Equal(1, ids.FindOrAdd(longest, 2));
        Assert.Null(ids.FindOrAdd(longest[1..], 3));
    }
}
