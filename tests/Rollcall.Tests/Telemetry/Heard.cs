using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Rollcall.Telemetry;

namespace Rollcall.Tests.Telemetry;

/// <summary>Hears what one meter tells, while other tests have theirs.</summary>
sealed class Heard : IDisposable
{
    readonly MeterListener listener = new();
    readonly ConcurrentQueue<Measure> measures = new();

    public Heard(BatchTelemetry telemetry)
    {
        listener.InstrumentPublished = (instrument, heard) =>
        {
            if (ReferenceEquals(instrument.Meter, telemetry.Meter))
            {
                Instruments.Add(instrument);
                heard.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    public List<Instrument> Instruments { get; } = [];

    public IReadOnlyCollection<Measure> All => measures;

    /// <summary>What an instrument told, in order.</summary>
    public IReadOnlyList<Measure> Of(string name) => [.. measures.Where(measure => measure.Name == name)];

    /// <summary>What an instrument told, as text: its tags' values and its value.</summary>
    public IReadOnlyList<string> TextOf(string name) => [.. Of(name).Select(measure => measure.ToString())];

    /// <summary>Asks the instruments that are read, and not told.</summary>
    public IReadOnlyList<string> Observe(string name)
    {
        int before = Of(name).Count;
        listener.RecordObservableInstruments();
        return [.. TextOf(name).Skip(before)];
    }

    public void Dispose() => listener.Dispose();

    void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        measures.Enqueue(new Measure(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));

    public sealed record Measure(string Name, double Value, IReadOnlyDictionary<string, object?> Tags)
    {
        public override string ToString() => string.Join(' ', Tags.Values.Append(Value));
    }
}
