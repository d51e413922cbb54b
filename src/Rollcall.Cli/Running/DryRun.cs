using System.Text;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Sending;

namespace Rollcall.Cli.Running;

/// <summary>Shows requests as they would be sent, and sends nothing.</summary>
/// <param name="target">The batch's target.</param>
/// <param name="options">How the batch would be sent.</param>
sealed class DryRun(BatchTarget target, BatchOptions options)
{
    const string Mask = "***";
    const int MostText = 2_000;

    readonly ItemRequest requests = new((_, _) => Mask);

    /// <summary>Writes the request of an item: its first line, its headers, and its body.</summary>
    /// <param name="index">The item's index in the input, from 0.</param>
    public string Describe(BatchItem item, long index)
    {
        var posting = new Posting(Batch(), Shard: 0, index, item);
        using var request = requests.Create(Hop.Of(posting), posting, asksFirst: false);
        var text = new StringBuilder($"{request.Method} {request.RequestUri!.AbsoluteUri}\n");
        var headers = request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default);
        foreach (var header in headers.OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase))
        {
            text.Append($"{header.Key}: {header.Value}\n");
        }

        if (posting.HasBody)
        {
            text.Append($"\n{BodyOf(item.Payload.Span)}\n");
        }

        return text.ToString();
    }

    // The key of a real run begins with its own id.
    BatchManifest Batch() => new()
    {
        Id = "BATCH",
        Target = target,
        Options = options,
        ItemCount = 1,
        ItemsPerShard = 1,
        ItemsName = "",
        ContentSha256 = "",
        CreatedAt = default,
    };

    static string BodyOf(ReadOnlySpan<byte> payload)
    {
        if (!System.Text.Unicode.Utf8.IsValid(payload))
        {
            return $"({payload.Length} bytes that are not text)";
        }

        string text = Encoding.UTF8.GetString(payload);
        return text.Length <= MostText ? text : $"{text[..MostText]}… ({payload.Length} bytes)";
    }
}
