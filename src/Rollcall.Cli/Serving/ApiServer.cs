using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rollcall.Api;
using Rollcall.Api.Responses;
using Rollcall.Cli.Running;
using Rollcall.Cli.Telemetry;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Cli.Serving;

/// <summary>Serves the HTTP API for batches on this machine.</summary>
sealed class ApiServer : IAsyncDisposable
{
    readonly WebApplication app;

    ApiServer(WebApplication app) => this.app = app;

    /// <summary>The URL it listens on, without a trailing slash.</summary>
    public string Url =>
        app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    /// <summary>Starts the server.</summary>
    /// <param name="core">Has the API, the scheduler and the <see cref="MetricsPage"/>.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    /// <exception cref="SocketException">The port or the address cannot be listened on.</exception>
    public static async Task<ApiServer> StartAsync(ServeSettings settings, IServiceProvider core)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter(level => level >= LogLevel.Error);
        // A failure to start is thrown, and reported in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<BatchFaultHandler>();

        // Before the framework's own filters.
        builder.Services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, ProblemPages>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxConcurrentConnections = OpenFileLimit.CallersBeside(settings.Concurrency);
            kestrel.Listen(settings.Address, settings.Port);
        });
        // The command handles Ctrl-C, not this server.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var address = settings.Address;
        if (IPAddress.IsLoopback(address))
        {
            // Otherwise a web page could reach the API under its own host name, resolved to this machine (DNS rebinding).
            string host = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
            builder.Services.Configure<HostFilteringOptions>(options =>
            {
                options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]", host];
                options.IncludeFailureMessage = false;
            });
        }

        var app = builder.Build();
        app.UseExceptionHandler(
            failed =>
                failed.Run(context => TypedResults.Problem(statusCode: StatusCodes.Status500InternalServerError).ExecuteAsync(context)));
        app.UseHostFiltering();
        UseCheck(app, BrowserCheck.Refuse);
        if (settings.Keys is { } keys)
        {
            UseCheck(app, new KeyCheck(keys).Refuse);
        }

        var api = app.MapGroup("/api");
        api.AddEndpointFilter(NameDamageAsync);
        Map(api, core.GetRequiredService<RollcallApi>(), core.GetRequiredService<IBatchScheduler>());
        var page = core.GetRequiredService<MetricsPage>();
        app.MapGet("/metrics", () => TypedResults.Text(page.Read(), MetricsPage.ContentType));
        await app.StartAsync();
        return new ApiServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    static async ValueTask<object?> NameDamageAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (DamagedDataException exception)
        {
            return BatchFault.OfDamage(exception);
        }
    }

    static void UseCheck(WebApplication app, Func<HttpRequest, IResult?> refuse) =>
        app.Use((context, next) => refuse(context.Request) is { } refusal ? refusal.ExecuteAsync(context) : next(context));

    static void Map(IEndpointRouteBuilder api, RollcallApi routes, IBatchScheduler scheduler)
    {
        api.MapPost("/batches", (HttpRequest request) => routes.Start.StartAsync(request, scheduler));
        api.MapPut(
            "/batches/{id}/input/{part}",
            (HttpRequest request, string id, string part) => routes.Uploads.PutPartAsync(request, id, part));
        api.MapGet("/batches", (HttpRequest request) => routes.List.ListAsync(request, scheduler));
        api.MapGet("/batches/{id}", (HttpRequest request, string id) => routes.Read.GetStatusAsync(request, id, scheduler));
        api.MapPatch("/batches/{id}", (HttpRequest request, string id) => routes.Control.PatchAsync(request, id, scheduler));
        api.MapDelete("/batches/{id}", (HttpRequest request, string id) => routes.Purge.DeleteAsync(request, id, scheduler));
        api.MapPost("/batches/{id}/cancel", (HttpRequest request, string id) => routes.Control.CancelAsync(request, id, scheduler));
        api.MapPost("/batches/{id}/pause", (HttpRequest request, string id) => routes.Control.PauseAsync(request, id, scheduler));
        api.MapPost("/batches/{id}/resume", (HttpRequest request, string id) => routes.Control.ResumeAsync(request, id, scheduler));
        api.MapPost("/batches/{id}/redrive", (HttpRequest request, string id) => routes.Control.RedriveAsync(request, id, scheduler));
        api.MapGet("/batches/{id}/results", (HttpRequest request, string id) => routes.Results.GetResultsAsync(request, id));
        api.MapGet(
            "/batches/{id}/items/{index:long}",
            (HttpRequest request, string id, long index) => routes.Items.GetByIndexAsync(request, id, index));
        api.MapGet("/batches/{batchId}/items", (HttpRequest request, string batchId) => routes.Items.GetByIdAsync(request, batchId));
        api.MapGet("/batches/{id}/receipt", (HttpRequest request, string id) => routes.Read.GetReceiptAsync(request, id));
        api.MapGet("/health", ServiceApi.GetHealth);
        api.MapGet("/openapi.json", ServiceApi.GetOpenApi);
    }
}
