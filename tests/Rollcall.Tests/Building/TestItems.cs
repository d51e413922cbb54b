using System.Text;
using Rollcall.Items;

namespace Rollcall.Tests.Building;

/// <summary>Items with good defaults.</summary>
static class TestItems
{
    public static BatchItem One(string payload = """{"n":1}""", string? id = null) => new(id, Encoding.UTF8.GetBytes(payload));

    public static IReadOnlyList<BatchItem> Of(int count) =>
        [.. Enumerable.Range(0, count).Select(i => One($$"""{"n":{{i}}}""", $"item-{i}"))];

    public static string Text(this BatchItem item) => Encoding.UTF8.GetString(item.Payload.Span);

    public static async IAsyncEnumerable<BatchItem> ThenFail(this IEnumerable<BatchItem> items, Exception failure)
    {
        await foreach (var item in items.ToAsyncEnumerable())
        {
            yield return item;
        }

        throw failure;
    }
}
