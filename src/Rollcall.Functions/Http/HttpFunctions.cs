using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Rollcall.Functions.Http;

/// <summary>The HTTP triggers.</summary>
/// <param name="api">Answers the requests.</param>
sealed class HttpFunctions(BatchApi api)
{
    [Function("StartBatch")]
    public Task<IResult> StartBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.StartAsync(request, client);

    [Function("Health")]
    public static IResult Health([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        TypedResults.Ok(new Health("ok", typeof(HttpFunctions).Assembly.GetName().Version!.ToString(3)));
}
