using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Rollcall.Telemetry;

namespace Rollcall.Cli.Telemetry;

/// <summary>
/// Exports this process's metrics and traces to the configured address, or shows the metrics on a page. Otherwise nothing is
/// collected.
/// </summary>
sealed class TelemetryExport : IDisposable
{
    // The exporter reads the other variables: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The spans of requests, of the orchestrations of batches and shards, of items' activities, and of their attempts.
    static readonly string[] Sources = ["Microsoft.AspNetCore", "DurableTask.Core", BatchTelemetry.Name];

    readonly MeterProvider? metrics;
    readonly TracerProvider? traces;

    TelemetryExport(MeterProvider? metrics, TracerProvider? traces) => (this.metrics, this.traces) = (metrics, traces);

    /// <summary>Receives the metrics and traces of batches.</summary>
    public BatchTelemetry Batches { get; } = new(TimeProvider.System);

    /// <summary>Starts the export.</summary>
    /// <param name="page">Shows the metrics; null for none.</param>
    /// <returns>The running export, which sends the rest when it is disposed.</returns>
    /// <exception cref="CliException">The address is not a URL.</exception>
    public static TelemetryExport Start(MetricsPage? page = null)
    {
        bool isSent = Environment.GetEnvironmentVariable(Endpoint) is { Length: > 0 } endpoint && RequireAddress(endpoint);
        return new TelemetryExport(page is null && !isSent ? null : StartMetrics(page, isSent), isSent ? StartTraces() : null);
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
        Batches.Dispose();
    }

    static MeterProvider StartMetrics(MetricsPage? page, bool isSent)
    {
        var builder = Sdk.CreateMeterProviderBuilder().ConfigureResource(Name).AddMeter(BatchTelemetry.Name);
        builder = page is null ? builder : builder.AddReader(page.Reader);
        return (isSent ? builder.AddOtlpExporter() : builder).Build();
    }

    static TracerProvider StartTraces() =>
        Sdk.CreateTracerProviderBuilder().ConfigureResource(Name).AddSource(Sources).AddOtlpExporter().Build();

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, so they take precedence.
    static void Name(ResourceBuilder resource) =>
        resource.AddService("rollcall", serviceVersion: ProductVersion.Number).AddEnvironmentVariableDetector();

    static bool RequireAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? true
        : throw CliException.Usage(
            $"{Endpoint} is '{text}': the URL of an OpenTelemetry collector is needed, such as http://127.0.0.1:4317.");
}
