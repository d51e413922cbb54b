using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Rollcall.Cli.Targets;

namespace Rollcall.Cli.Commands;

/// <summary>
/// The demo's payloads and responses, and a check of one against the other that is independent of how they were sent.
/// </summary>
/// <param name="count">The number of payloads.</param>
/// <param name="largeEvery">One response in this many is large.</param>
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
        $"{Count:N0} items (1 response in {largeEvery} is {LargeBytes:N0} bytes, sent slowly in {LargeChunks} pieces)");

    public ResponsePlan Plan(int number)
    {
        if (number % largeEvery == 0)
        {
            return new ResponsePlan(LargeBytes, LargeChunks, GapMs, 200, 0);
        }

        return new ResponsePlan(number % MediumEvery == 0 ? MediumBytes : SmallBytes, 1, 0, 200, 0);
    }

    /// <summary>Counts the items that do not have their own complete response in their own place.</summary>
    public async Task<long> CountWrongAsync(string output)
    {
        long right = 0;
        int number = 0;
        await foreach (string line in File.ReadLinesAsync(output))
        {
            using var result = JsonDocument.Parse(line);
            byte[] expected = PaddedResponse.Create(Encoding.UTF8.GetBytes(Payload(number)), Plan(number).Bytes!.Value);
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
