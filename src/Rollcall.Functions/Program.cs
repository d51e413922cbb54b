using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rollcall.Functions;
using Rollcall.Functions.Http;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ProblemMiddleware>();
builder.Services.AddSingleton<IHostLifetime, WorkerLifetime>();
builder.Services.AddRollcall(builder.Configuration);
builder.Services.AddTelemetryExport(builder.Configuration);
await builder.Build().RunAsync();
