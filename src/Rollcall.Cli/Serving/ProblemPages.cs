using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Rollcall.Cli.Serving;

/// <summary>
/// Gives an error that has no body one of its own (RFC 9457): whatever answered it, the host filter included, which comes before all of the
/// app's.
/// </summary>
sealed class ProblemPages : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseStatusCodePages(
            context => TypedResults.Problem(statusCode: context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        next(app);
    };
}
