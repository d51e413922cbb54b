using System.Globalization;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>An item that is to be sent.</summary>
/// <param name="Index">Its index in the batch.</param>
public sealed record Posting(BatchManifest Batch, int Shard, long Index, BatchItem Item)
{
    /// <summary>
    /// The name of the item, which all its requests have as <c>Idempotency-Key</c>. Another payload is another request, with a name of its
    /// own: no id has a full stop.
    /// </summary>
    public string Key { get; } = string.Create(CultureInfo.InvariantCulture, $"{Batch.Id}-{Index}")
        + (Batch.FindReplacement(Index) is { } set ? string.Create(CultureInfo.InvariantCulture, $".{set.Run}") : "");

    /// <summary>Where its first request goes.</summary>
    public Uri Url { get; } = new(Item.Head?.Url ?? Batch.Target.Url);

    /// <summary>Whether its first request has the payload as its body.</summary>
    public bool HasBody { get; } = Item.Head?.HasBody ?? Batch.Target.HasBody;

    /// <summary>The method of its first request.</summary>
    public HttpMethod Method { get; } = HttpMethod.Parse(
        Item.Head?.Method ?? Batch.Target.Method ?? (Item.Head?.HasBody ?? Batch.Target.HasBody ? "POST" : "GET"));
}
