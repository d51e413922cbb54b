using System.Text;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Validation;

namespace Rollcall.Cli.Running;

/// <summary>Shows requests as they would be sent, and sends nothing.</summary>
sealed class DryRun(RunSettings settings)
{
    const string Mask = "***";
    const int MostText = 2_000;

    readonly ItemRequest requests = new((_, _) => Mask);

    /// <summary>Checks all items, and writes the first requests to standard output.</summary>
    /// <param name="first">How many requests are written, from 1.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CliException">The input has an error.</exception>
    public async Task<int> WriteAsync(int first, CancellationToken stop)
    {
        try
        {
            await using var stream = await InputFile.OpenAsync(settings.Input, Console.OpenStandardInput, stop);
            await using var input = await InputItems.OpenAsync(settings, stream, StandardError.WriteLine, stop);
            long count = 0;
            await foreach (var item in InputItems.ReadAsync(settings, input, stop))
            {
                if (count < first)
                {
                    await Console.Out.WriteLineAsync(Describe(item, count));
                }

                count++;
            }

            StandardError.WriteLine($"{CountsText.Of(count)} item{(count == 1 ? "" : "s")}. Nothing was sent.");
            return ExitCode.Succeeded;
        }
        catch (InvalidInputException exception)
        {
            throw InputItems.Refuse(settings, exception);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw CliException.NotFinished("Stopped. Nothing was sent.");
        }
    }

    /// <summary>The request of an item: its method and URL, its headers, and its body.</summary>
    /// <param name="index">The item's index in the input, from 0.</param>
    string Describe(BatchItem item, long index)
    {
        var posting = new Posting(Batch(), Shard: 0, index, item);
        using var request = requests.Create(Hop.Of(posting), posting, posting.Batch.Target.Auth is null ? null : Mask, asksFirst: false);
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
        Target = settings.ToTarget(),
        Options = settings.Options,
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
