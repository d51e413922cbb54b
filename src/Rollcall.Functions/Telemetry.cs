using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Rollcall.Sending;

namespace Rollcall.Functions;

/// <summary>Traces, metrics and logs by OpenTelemetry, where an address to send them to is set.</summary>
static class Telemetry
{
    // The standard name: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[Endpoint] is not { Length: > 0 })
        {
            return;
        }

        services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(tracing => tracing.AddSource(ItemSender.TraceSource).AddHttpClientInstrumentation())
            .UseOtlpExporter();
    }
}
