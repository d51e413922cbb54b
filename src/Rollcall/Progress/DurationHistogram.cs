using System.Text.Json;
using System.Text.Json.Serialization;
using HdrHistogram;
using HdrHistogram.Encoding;
using HdrHistogram.Utilities;

namespace Rollcall.Progress;

/// <summary>
/// How long responses took, to two significant digits, in a size that does not grow with their number. In JSON it is a string.
/// </summary>
[JsonConverter(typeof(DurationHistogramConverter))]
public sealed class DurationHistogram
{
    const int Digits = 2;
    const double PerMillisecond = 1000;

    // The longest attempt that a batch's options allow.
    const long LongestMicroseconds = 86_400_000_000;

    // Encoded histograms are decoded only when needed: an orchestrator that is replayed adds many, and shows one.
    readonly List<string> encoded = [];
    LongHistogram? values;

    /// <summary>Adds a duration.</summary>
    /// <param name="milliseconds">The duration. One outside the range from 1 µs to a day counts as the nearest one in it.</param>
    public void Add(double milliseconds)
    {
        values ??= Create();
        values.RecordValue(Math.Clamp((long)(milliseconds * PerMillisecond), 1, LongestMicroseconds));
    }

    /// <summary>Adds another histogram.</summary>
    public void Add(DurationHistogram other)
    {
        encoded.AddRange(other.encoded);
        if (other.values is { } added)
        {
            (values ??= Create()).Add(added);
        }
    }

    /// <summary>A percentile of the durations: that share of the responses did not take longer.</summary>
    /// <param name="percent">The share, in percent: 0 to 100.</param>
    /// <returns>Milliseconds, or null if there was no response.</returns>
    public double? MillisecondsAt(double percent) =>
        Merged() is { TotalCount: > 0 } all ? Math.Round(all.GetValueAtPercentile(percent) / PerMillisecond, 3) : null;

    /// <summary>The histogram as text: HdrHistogram's encoding, version 2, in base64.</summary>
    /// <returns>The text; empty if there is no duration.</returns>
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

    /// <summary>Decodes a histogram.</summary>
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
