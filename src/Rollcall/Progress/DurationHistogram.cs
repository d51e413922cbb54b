using System.Text.Json;
using System.Text.Json.Serialization;
using HdrHistogram;
using HdrHistogram.Encoding;
using HdrHistogram.Utilities;

namespace Rollcall.Progress;

/// <summary>
/// How long answers took, to two significant digits, in a size that does not grow with their number. It goes over JSON as text.
/// </summary>
[JsonConverter(typeof(DurationHistogramConverter))]
public sealed class DurationHistogram
{
    const int Digits = 2;
    const double PerMillisecond = 1000;

    // The longest attempt that a batch's options allow.
    const long LongestMicroseconds = 86_400_000_000;

    // Histograms that came as text are only read where somebody looks: an orchestrator that is replayed takes in many, and shows one.
    readonly List<string> encoded = [];
    LongHistogram? values;

    /// <summary>Takes in a duration.</summary>
    /// <param name="milliseconds">The duration. One that is out of range counts as the nearest in it: 1 µs to a day.</param>
    public void Add(double milliseconds)
    {
        values ??= Create();
        values.RecordValue(Math.Clamp((long)(milliseconds * PerMillisecond), 1, LongestMicroseconds));
    }

    /// <summary>Takes in all of another histogram.</summary>
    public void Add(DurationHistogram other)
    {
        encoded.AddRange(other.encoded);
        if (other.values is { } added)
        {
            (values ??= Create()).Add(added);
        }
    }

    /// <summary>The duration that a share of the answers did not exceed.</summary>
    /// <param name="percent">The share, in percent: 0 to 100.</param>
    /// <returns>Milliseconds, or null where there was no answer.</returns>
    public double? MillisecondsAt(double percent) =>
        Merged() is { TotalCount: > 0 } all ? Math.Round(all.GetValueAtPercentile(percent) / PerMillisecond, 3) : null;

    /// <summary>The histogram as text: HdrHistogram's encoding, version 2, in base64.</summary>
    /// <returns>The text; empty where there is no duration.</returns>
    public string Encode()
    {
        if (values is null && encoded.Count <= 1)
        {
            return encoded.FirstOrDefault("");
        }

        var all = Merged()!;
        var buffer = ByteBuffer.Allocate(all.GetNeededByteBufferCapacity());
        int length = all.Encode(buffer, HistogramEncoderV2.Instance);
        buffer.Position = 0;
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = buffer.Get();
        }

        return Convert.ToBase64String(bytes);
    }

    /// <summary>Reads a histogram.</summary>
    /// <param name="text">What <see cref="Encode"/> returned.</param>
    public static DurationHistogram Decode(string text)
    {
        var histogram = new DurationHistogram();
        if (text.Length > 0)
        {
            histogram.encoded.Add(text);
        }

        return histogram;
    }

    LongHistogram? Merged()
    {
        foreach (string text in encoded)
        {
            var buffer = ByteBuffer.Allocate(Convert.FromBase64String(text));
            var one = (LongHistogram)HistogramEncoding.DecodeFromByteBuffer(buffer, 0);
            if (values is null)
            {
                values = one;
            }
            else
            {
                values.Add(one);
            }
        }

        encoded.Clear();
        return values;
    }

    static LongHistogram Create() => new(1, LongestMicroseconds, Digits);
}

/// <summary>Writes a histogram as its text.</summary>
sealed class DurationHistogramConverter : JsonConverter<DurationHistogram>
{
    public override DurationHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DurationHistogram.Decode(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, DurationHistogram value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Encode());
}
