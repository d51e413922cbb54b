using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Rollcall.Api;
using Rollcall.Functions.Orchestration;
using Rollcall.Lifecycle;

namespace Rollcall.Functions.Http;

/// <summary>The HTTP triggers.</summary>
/// <param name="api">Responds to the requests.</param>
sealed class HttpFunctions(RollcallApi api, RollcallOptions options, InstanceRecords records)
{
    [Function("StartBatch")]
    public Task<IResult> StartBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.Start.StartAsync(request, new DurableScheduler(client, records));

    [Function("PutInputPart")]
    public Task<IResult> PutInputPartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "batches/{id}/input/{part}")] HttpRequest request,
        string id,
        string part) => api.Uploads.PutPartAsync(request, id, part);

    [Function("ListBatches")]
    public Task<IResult> ListBatchesAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.List.ListAsync(request, new DurableScheduler(client, records));

    [Function("GetBatch")]
    public Task<IResult> GetBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) => api.Read.GetStatusAsync(request, id, new DurableScheduler(client, records));

    [Function("ChangeBatch")]
    public Task<IResult> ChangeBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = "batches/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) => api.Control.PatchAsync(request, id, new DurableScheduler(client, records));

    [Function("DeleteBatch")]
    public Task<IResult> DeleteBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "batches/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) => api.Purge.DeleteAsync(request, id, new DurableScheduler(client, records));

    [Function("CancelBatch")]
    public Task<IResult> CancelBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) => api.Control.CancelAsync(request, id, new DurableScheduler(client, records));

    [Function("PauseBatch")]
    public Task<IResult> PauseBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/pause")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) => api.Control.PauseAsync(request, id, new DurableScheduler(client, records));

    [Function("ResumeBatch")]
    public Task<IResult> ResumeBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/resume")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) => api.Control.ResumeAsync(request, id, new DurableScheduler(client, records));

    [Function("RedriveBatch")]
    public Task<IResult> RedriveBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/redrive")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) => api.Control.RedriveAsync(request, id, new DurableScheduler(client, records));

    [Function("GetResults")]
    public Task<IResult> GetResultsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{id}/results")] HttpRequest request,
        string id) => api.Results.GetResultsAsync(request, id);

    [Function("GetItem")]
    public Task<IResult> GetItemAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{id}/items/{index:long}")] HttpRequest request,
        string id,
        long index) => api.Items.GetByIndexAsync(request, id, index);

    // The batch is not named id, because the query has the id of an item.
    [Function("FindItems")]
    public Task<IResult> FindItemsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{batchId}/items")] HttpRequest request,
        string batchId) => api.Items.GetByIdAsync(request, batchId);

    [Function("GetReceipt")]
    public Task<IResult> GetReceiptAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{id}/receipt")] HttpRequest request,
        string id) => api.Read.GetReceiptAsync(request, id);

    [Function("Echo")]
    public IResult Echo([HttpTrigger(AuthorizationLevel.Function, "post", Route = "echo")] HttpRequest request) =>
        ServiceApi.Echo(request, options);

    [Function("GetHealth")]
    public static IResult GetHealth([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        ServiceApi.GetHealth();

    [Function("GetOpenApi")]
    public static IResult GetOpenApi([HttpTrigger(AuthorizationLevel.Function, "get", Route = "openapi.json")] HttpRequest request) =>
        ServiceApi.GetOpenApi();
}
