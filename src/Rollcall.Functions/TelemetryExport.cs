using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Rollcall.Telemetry;

namespace Rollcall.Functions;

/// <summary>
/// Sends traces, metrics and logs to the configured addresses: with OpenTelemetry's own protocol, to Application Insights, or both.
/// </summary>
static class TelemetryExport
{
    // https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The Functions host reads the same two: https://learn.microsoft.com/azure/azure-functions/functions-app-settings
    const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    public static void AddTelemetryExport(this IServiceCollection services, IConfiguration configuration)
    {
        bool hasEndpoint = configuration[Endpoint] is { Length: > 0 } endpoint && RequireAddress(endpoint);
        string? insights = configuration[ConnectionString];
        if (!hasEndpoint && string.IsNullOrEmpty(insights))
        {
            return;
        }

        var telemetry = services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(tracing => tracing.AddSource(BatchTelemetry.Name).AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(BatchTelemetry.Name));
        if (hasEndpoint)
        {
            telemetry.UseOtlpExporter();
        }

        if (!string.IsNullOrEmpty(insights))
        {
            var credential = ReadCredential(configuration[Authentication]);
            telemetry.UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = insights;
                options.Credential = credential;

                // The host sends live metrics for the whole app. A second source would cost a request per second for nothing.
                options.EnableLiveMetrics = false;

                // A warning must not be lost because its trace was not sampled.
                options.EnableTraceBasedLogsSampler = false;
            });
        }
    }

    // The exporter would replace an invalid address by its default.
    static bool RequireAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? true
        : throw new InvalidOperationException(
            $"The setting {Endpoint} is '{text}': the URL of an OpenTelemetry collector is needed, such as http://127.0.0.1:4317.");

    /// <summary>Reads the identity for Application Insights, as the Functions host does.</summary>
    /// <param name="text">
    /// <c>Authorization=AAD</c>, with <c>ClientId=…</c> for a user-assigned identity; null or empty for the connection string's key.
    /// </param>
    /// <returns>The identity; null to use only the key.</returns>
    /// <exception cref="InvalidOperationException">The text is something else.</exception>
    static ManagedIdentityCredential? ReadCredential(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(part => part.Length == 2)
            .DistinctBy(part => part[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        if (!"AAD".Equals(parts.GetValueOrDefault("Authorization"), StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"The setting {Authentication} is '{text}': 'Authorization=AAD' is needed, with 'ClientId=ID;' in front for a "
                + "user-assigned identity.");
        }

        return new ManagedIdentityCredential(parts.TryGetValue("ClientId", out string? id)
            ? ManagedIdentityId.FromUserAssignedClientId(id)
            : ManagedIdentityId.SystemAssigned);
    }
}
