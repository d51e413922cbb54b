using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Rollcall.Cli.Targets;

namespace Rollcall.Cli.Commands;

/// <summary>
/// The demo's payloads, its answers, and the check of the one against the other, which knows nothing of how they were sent.
/// </summary>
/// <param name="count">How many payloads there are.</param>
/// <param name="largeEvery">One answer in so many is large.</param>
sealed class DemoItems(int count, int largeEvery)
{
    public const int DefaultLargeEvery = 500;
    const int LargeBytes = 2 * 1024 * 1024;
    const int LargeChunks = 8;
    const int MediumEvery = 50;
    const int MediumBytes = 64 * 1024;
    const int SmallBytes = 200;
    const int GapMs = 10;

    static ReadOnlySpan<byte> Prefix => "{\"param\":\"data-"u8;

    public int Count { get; } = count;

    public static string Payload(int number) => string.Create(CultureInfo.InvariantCulture, $"{{\"param\":\"data-{number}\"}}");

    public static int NumberOf(ReadOnlySpan<byte> payload) =>
        payload.StartsWith(Prefix) && Utf8Parser.TryParse(payload[Prefix.Length..], out int number, out _)
            ? number
            : throw new InvalidDataException($"'{Encoding.UTF8.GetString(payload)}' is not a payload of the demo.");

    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count:N0} items, with 1 answer in {largeEvery} of {LargeBytes:N0} bytes in {LargeChunks} slow pieces,");

    public AnswerPlan Plan(int number) =>
        number % largeEvery == 0 ? new AnswerPlan(LargeBytes, LargeChunks, GapMs, 200, 0)
        : number % MediumEvery == 0 ? new AnswerPlan(MediumBytes, 1, 0, 200, 0)
        : new AnswerPlan(SmallBytes, 1, 0, 200, 0);

    /// <summary>Counts the items without a whole answer of their own in their own place.</summary>
    public async Task<long> CountWrongAsync(string output)
    {
        long right = 0;
        int number = 0;
        await foreach (string line in File.ReadLinesAsync(output))
        {
            using var result = JsonDocument.Parse(line);
            byte[] expected = PaddedAnswer.Create(Encoding.UTF8.GetBytes(Payload(number)), Plan(number).Bytes!.Value);
            bool isRight = number < Count
                && result.RootElement.GetProperty("index").GetInt64() == number
                && result.RootElement.TryGetProperty("body", out var body)
                && body.ValueEquals(expected);
            right += isRight ? 1 : 0;
            number++;
        }

        return Math.Max(Count, number) - right;
    }
}
