using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Engine;

/// <summary>
/// Damages one stored file of a batch at a random moment of its life, 200 times: a bit is changed, the file is cut, or it is gone. Another
/// batch of the same folder must not notice.
/// </summary>
public sealed class CorruptionTests
{
    const string SeedVariable = "ROLLCALL_CORRUPTION_SEED";
    const int Rounds = 200;
    const int Items = 5;

    // More than is kept inline, so that there are stored bodies.
    const int LargeBody = 5000;

    readonly ConcurrentDictionary<string, int> received = new();
    readonly ConcurrentDictionary<string, int> ends = new();

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoredFile_ThatIsDamagedAtAnyMoment_NeverBecomesAWrongResult()
    {
        int first = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out int given)
            ? given
            : Random.Shared.Next();
        int rounds = given == 0 ? Rounds : 1;
        await using var target = Target.Start(RespondAsync);
        using var http = SenderHttp.CreateClient();

        // A few at a time, as most of a round is a wait for the disk.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled };
        await Parallel.ForAsync(0, rounds, parallel, async (round, _) =>
        {
            int seed = unchecked(first + round);
            string folder = Directory.CreateTempSubdirectory("rollcall-corruption-").FullName;
            try
            {
                await RunAsync(folder, target, http, new Random(seed), seed);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    $"A round failed. Repeat it with {SeedVariable}={seed} and -method "
                    + $"'*.{nameof(StoredFile_ThatIsDamagedAtAnyMoment_NeverBecomesAWrongResult)}'. {exception.Message}",
                    exception);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", ends.OrderBy(end => end.Key, StringComparer.Ordinal).Select(end => $"{end.Key}: {end.Value}")));
        if (rounds == Rounds)
        {
            // The damage met what is checked, each kind of it.
            Assert.All(
                (string[])["sealed", "named", "input-damaged", "engine replaced"],
                kind => Assert.True(ends.GetValueOrDefault(kind) > 0, $"No round of seed {first} ended as '{kind}'."));
        }
    }

    async Task RunAsync(string folder, Target target, HttpClient http, Random random, int seed)
    {
        string damaged = $"damaged-{(uint)seed}";
        string other = $"other-{(uint)seed}";
        int stopAfter = random.Next(2 * Items + 3);
        await using (var host = await DamagedHost.StartAsync(folder, http))
        {
            await host.AddAsync(damaged, target.Url, ItemsOf(damaged), Cancelled);
            await host.AddAsync(other, target.Url, ItemsOf(other), Cancelled);

            // At a random step: after so many requests, or, beyond their number, when one batch or both have ended.
            await WaitAsync("no random step", async () =>
                received.GetValueOrDefault(damaged) + received.GetValueOrDefault(other) >= Math.Min(stopAfter, 2 * Items)
                && (stopAfter <= 2 * Items || await host.FindEndAsync(damaged, Cancelled) is not null));
        }

        string damage = Damage(folder, damaged, random);
        await using (var host = await DamagedHost.StartAsync(folder, http))
        {
            (Receipt? Receipt, string? Reason)? end = null;
            (Receipt? Receipt, string? Reason)? otherEnd = null;
            try
            {
                await WaitAsync("no end of both batches", async () =>
                {
                    await host.ReconcileAsync(Cancelled);
                    end = await host.FindEndAsync(damaged, Cancelled);
                    otherEnd = await host.FindEndAsync(other, Cancelled);
                    return end is not null && otherEnd is not null;
                });
                RequireRight(
                    other,
                    await host.ReadAsync(
                        otherEnd!.Value.Receipt
                            ?? throw new InvalidOperationException($"The other batch has no receipt: {otherEnd.Value.Reason}"),
                        Cancelled),
                    mayFail: false);
                Count(end!.Value.Receipt is { } receipt ? await RequireRightOrNamedAsync(host, receipt) : "named");
                if (host.Notes.Exists(note => note.Contains("database was damaged", StringComparison.Ordinal)))
                {
                    Count("engine replaced");
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{damage} {exception.Message} {string.Join(' ', host.Notes.TakeLast(3))}", exception);
            }
        }

        RequireOnlyWhatWasTakenIn(target, [damaged, other]);
    }

    // Each wait is short, and there are many.
    static async Task WaitAsync(string what, Func<Task<bool>> ask)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await ask())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new TimeoutException($"Within {Limit.TotalSeconds} s there was {what}.");
            }

            await Task.Delay(5, Cancelled);
        }
    }

    static async Task<string> RequireRightOrNamedAsync(DamagedHost host, Receipt receipt)
    {
        byte[] results;
        try
        {
            results = await host.ReadAsync(receipt, Cancelled);
        }
        catch (DamagedDataException exception) when (exception.Message.Contains($"batch '{receipt.BatchId}'", StringComparison.Ordinal))
        {
            return "named";
        }

        using var stream = new MemoryStream(results);
        Assert.Null(await new ResultsVerifier(receipt).FindFaultAsync(stream, Cancelled));
        RequireRight(receipt.BatchId, results, mayFail: true);
        return receipt.Counts.Failed > 0 ? "input-damaged" : "sealed";
    }

    void Count(string end) => ends.AddOrUpdate(end, 1, (_, count) => count + 1);

    static void RequireRight(string batchId, byte[] results, bool mayFail)
    {
        string[] lines = Encoding.UTF8.GetString(results).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Items, lines.Length);
        for (int i = 0; i < Items; i++)
        {
            var line = JsonElement.Parse(lines[i]);
            Assert.Equal(i, line.GetProperty("index").GetInt64());
            if (line.GetProperty("status").GetString() == "succeeded")
            {
                Assert.Equal($"id-{i}", line.GetProperty("id").GetString());
                Assert.Equal(BodyOf(PayloadOf(batchId, i)), line.GetProperty("body").GetString());
                Assert.Equal(200, line.GetProperty("httpStatus").GetInt32());
            }
            else
            {
                Assert.True(mayFail, $"Item {i} of batch '{batchId}', which was not damaged, failed: {lines[i]}");
                Assert.Equal("input-damaged", line.GetProperty("error").GetProperty("code").GetString());
            }
        }
    }

    static void RequireOnlyWhatWasTakenIn(Target target, string[] batches)
    {
        foreach (var request in target.Requests)
        {
            string key = request.Headers["Idempotency-Key"];
            if (batches.FirstOrDefault(batch => key.StartsWith(batch + "-", StringComparison.Ordinal)) is { } batch)
            {
                int index = int.Parse(key.AsSpan(batch.Length + 1), CultureInfo.InvariantCulture);
                Assert.Equal(PayloadOf(batch, index), Encoding.UTF8.GetString(request.Body.Span));
            }
        }
    }

    static string Damage(string folder, string batchId, Random random)
    {
        string[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(
                path =>
                    Path.GetRelativePath(folder, path) is var name
                        && (name.StartsWith(Path.Combine("batches", batchId), StringComparison.Ordinal)
                || name.Contains("engine.db", StringComparison.Ordinal) || name.EndsWith(batchId, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)];
        string file = files[random.Next(files.Length)];
        long length = new FileInfo(file).Length;
        int kind = length == 0 ? 9 : random.Next(10);
        long at = length == 0 ? 0 : random.NextInt64(length);
        string what = $"'{Path.GetRelativePath(folder, file)}' of {length} bytes";
        if (kind == 9)
        {
            File.Delete(file);
            return $"{what} was deleted.";
        }

        using var stream = new FileStream(file, FileMode.Open);
        if (kind == 8)
        {
            stream.SetLength(at);
            return $"{what} was cut at byte {at}.";
        }

        stream.Position = at;
        int value = stream.ReadByte() ^ (1 << random.Next(8));
        stream.Position = at;
        stream.WriteByte((byte)value);
        return $"A bit of byte {at} of {what} was changed.";
    }

    static IEnumerable<BatchItem> ItemsOf(string batchId) =>
        Enumerable.Range(0, Items).Select(i => new BatchItem($"id-{i}", Encoding.UTF8.GetBytes(PayloadOf(batchId, i))));

    static string PayloadOf(string batchId, int index) => $$"""{"batch":"{{batchId}}","item":{{index}}}""";

    static string BodyOf(string payload) =>
        payload.EndsWith("1}", StringComparison.Ordinal) || payload.EndsWith("4}", StringComparison.Ordinal)
        ? payload + new string('x', LargeBody)
        : payload;

    Task RespondAsync(ReceivedRequest request, Connection connection)
    {
        string key = request.Headers["Idempotency-Key"];
        received.AddOrUpdate(key[..key.LastIndexOf('-')], 1, (_, count) => count + 1);
        return Responses.With(200, BodyOf(Encoding.UTF8.GetString(request.Body.Span)))(request, connection);
    }
}
