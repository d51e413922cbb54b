using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Rollcall.Api.Responses;

namespace Rollcall.Cli.Serving;

/// <summary>
/// Responds to a request that failed because its batch is damaged or was deleted, if that was found before the response
/// began.
/// </summary>
sealed class BatchFaultHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (BatchFault.FindResponse(exception) is not { } response)
        {
            return false;
        }

        await response.ExecuteAsync(httpContext);
        return true;
    }
}
