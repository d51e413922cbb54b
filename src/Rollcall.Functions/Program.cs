using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Rollcall.Functions;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddRollcall(builder.Configuration);
builder.Services.AddTelemetry(builder.Configuration);
await builder.Build().RunAsync();
