using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Rollcall.Api.Answers;

namespace Rollcall.Cli.Serving;

/// <summary>
/// Answers a request that failed because of its batch, where that was found after its answer was decided on, and before it began.
/// </summary>
sealed class BatchFaultHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (BatchFault.FindAnswer(exception) is not { } answer)
        {
            return false;
        }

        await answer.ExecuteAsync(httpContext);
        return true;
    }
}
