using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Rollcall.Cli.Telemetry;

/// <summary>The metrics in Prometheus's text format, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/</summary>
/// <remarks>
/// OpenTelemetry's own exporter for this format has no stable release. It would save only the writing of the text, because the stable SDK
/// does the aggregation. Names follow https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
/// </remarks>
sealed class MetricsPage : BaseExporter<Metric>
{
    /// <summary>The type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    volatile string text = "";

    public MetricsPage() =>
        Reader = new BaseExportingMetricReader(this) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };

    /// <summary>Collects the metrics when the page is read.</summary>
    public MetricReader Reader { get; }

    /// <summary>Reads the metrics as they are now.</summary>
    /// <exception cref="InvalidOperationException">
    /// They could not be collected. Old values are not shown instead.
    /// </exception>
    public string Read() => Reader.Collect() ? text : throw new InvalidOperationException("The metrics could not be collected.");

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var page = new StringBuilder();
        foreach (var metric in batch)
        {
            Write(page, metric);
        }

        text = page.ToString();
        return ExportResult.Success;
    }

    static void Write(StringBuilder page, Metric metric)
    {
        bool isCounter = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        bool isHistogram = metric.MetricType is MetricType.Histogram;
        string name = NameOf(metric) + (isCounter ? "_total" : "");
        Line(page, $"# HELP {name} {Escaped(metric.Description)}");
        string type = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.Histogram => "histogram",
            _ => "gauge",
        };
        Line(page, $"# TYPE {name} {type}");
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            string tags = TagsOf(point);
            if (isHistogram)
            {
                WriteHistogram(page, name, tags, point);
            }
            else
            {
                Line(page, $"{name}{Braces(tags)} {ValueOf(metric.MetricType, point)}");
            }
        }
    }

    static void WriteHistogram(StringBuilder page, string name, string tags, in MetricPoint point)
    {
        long upTo = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            upTo += bucket.BucketCount;
            string bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Text(bucket.ExplicitBound);
            Line(page, $"{name}_bucket{Braces($"{tags}{(tags.Length > 0 ? "," : "")}le=\"{bound}\"")} {upTo}");
        }

        Line(page, $"{name}_sum{Braces(tags)} {Text(point.GetHistogramSum())}");
        Line(page, $"{name}_count{Braces(tags)} {point.GetHistogramCount()}");
    }

    static string ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
        MetricType.LongGauge => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
        MetricType.DoubleGauge => Text(point.GetGaugeLastValueDouble()),
        _ => Text(point.GetSumDouble()),
    };

    static string TagsOf(in MetricPoint point)
    {
        var tags = new List<string>();
        foreach (var (key, value) in point.Tags)
        {
            string shown = Escaped(Convert.ToString(value, CultureInfo.InvariantCulture)!);
            tags.Add($"{Underscored(key)}=\"{shown.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        return string.Join(',', tags);
    }

    // A unit in braces only says what is counted, so it is not part of the name.
    static string NameOf(Metric metric) => Underscored(metric.Name) + metric.Unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "",
    };

    static string Escaped(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    static string Underscored(string name) => name.Replace('.', '_');

    static string Braces(string tags) => tags.Length == 0 ? "" : $"{{{tags}}}";

    static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    static void Line(StringBuilder page, string line) => page.Append(line).Append('\n');
}
