using System.Text;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>Finds how the requests that a command makes of its input differ from those of the run that it would resume.</summary>
/// <param name="request">What the command makes of an item.</param>
/// <param name="known">The settings of the run.</param>
sealed class RequestChanges(BatchTarget request, BatchManifest known)
{
    const int ShownBefore = 10;
    const int Shown = 40;

    /// <summary>The options that say what request is made of an item, and are not as in the run, beside the URL and the method.</summary>
    public IReadOnlyList<string> FindOptions()
    {
        var before = known.Target.Template ?? new TargetTemplate();
        var now = request.Template ?? new TargetTemplate();
        return
        [
            .. Name("--query", before.Query.SequenceEqual(now.Query)),
            .. Name("--header", before.Headers.SequenceEqual(now.Headers)),
            .. Name("--body", before.Body == now.Body),
            .. Name("--content-type", before.ContentType == now.ContentType),
            .. Name("--form", before.Form.SequenceEqual(now.Form)),
        ];
    }

    /// <summary>Describes the first item that is not as it is stored.</summary>
    /// <param name="items">The items of the input, from the first on, as they would be sent.</param>
    /// <returns>A part of a sentence; null if all are the same, or none is stored.</returns>
    /// <exception cref="DamagedDataException">A stored item is not what was written.</exception>
    public async Task<string?> DescribeFirstAsync(FileBatchStore store, IAsyncEnumerable<BatchItem> items, CancellationToken stop)
    {
        if (!ItemsFile.Exists(store.FolderOf(known.Id), known.ItemsName, hasIds: false))
        {
            return null;
        }

        long index = 0;
        await foreach (var now in items.WithCancellation(stop))
        {
            var before = index < known.ItemCount ? await store.ReadItemAsync(known, index, stop) : now;
            if (FindDifference(before, now, index++) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    string? FindDifference(BatchItem before, BatchItem now, long index)
    {
        var earlier = new Posting(known, Shard: 0, index, before);
        var later = new Posting(known with { Target = request }, Shard: 0, index, now);
        string was = LineOf(earlier);
        string isNow = LineOf(later);
        if (earlier.Method != later.Method || earlier.Url != later.Url)
        {
            return was == isNow ? $"item {index} is {isNow} with another query" : $"item {index} was {was}, now it is {isNow}";
        }

        if (FindHeader(before.Head?.Headers, now.Head?.Headers) is { } header)
        {
            return $"item {index} ({isNow}) has another header '{header}'";
        }

        return earlier.HasBody != later.HasBody ? $"item {index} ({isNow}) {(later.HasBody ? "has a body now" : "has no body now")}"
            : !before.Payload.Span.SequenceEqual(now.Payload.Span) ? DescribeBodies(before.Payload.Span, now.Payload.Span, index)
            : before.Id != now.Id ? $"item {index} has another id" : null;
    }

    // A query may contain a secret.
    static string LineOf(Posting posting) => $"{posting.Method} {ShownUrl.Of(posting.Url.AbsoluteUri)}";

    static string? FindHeader(IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string>? now)
    {
        var earlier = new Dictionary<string, string>(before ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        var later = new Dictionary<string, string>(now ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        return earlier.Keys.Union(later.Keys, StringComparer.OrdinalIgnoreCase).FirstOrDefault(
            name => earlier.GetValueOrDefault(name) != later.GetValueOrDefault(name));
    }

    static string DescribeBodies(ReadOnlySpan<byte> before, ReadOnlySpan<byte> now, long index)
    {
        int same = before.CommonPrefixLength(now);
        return $"the body of item {index} had {Excerpt(before, same)}, now it has {Excerpt(now, same)} at byte {same + 1}";
    }

    // From a little before the difference, so that it is recognized.
    static string Excerpt(ReadOnlySpan<byte> body, int at)
    {
        if (!System.Text.Unicode.Utf8.IsValid(body))
        {
            return "bytes that are not text";
        }

        int start = Math.Max(0, at - ShownBefore);
        while (start < body.Length && (body[start] & 0xC0) == 0x80)
        {
            start++;
        }

        int end = Math.Min(body.Length, start + Shown);
        while (end < body.Length && (body[end] & 0xC0) == 0x80)
        {
            end--;
        }

        string text = PlainText.Of(Encoding.UTF8.GetString(body[start..end]));
        return text.Length == 0 ? "nothing" : $"'{(start > 0 ? "…" : "")}{text}{(end < body.Length ? "…" : "")}'";
    }

    static IEnumerable<string> Name(string option, bool isSame) => isSame ? [] : [option];
}
