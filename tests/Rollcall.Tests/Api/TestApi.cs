using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Api;
using Rollcall.Api.Requests;
using Rollcall.Lifecycle;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

/// <summary>The API over a store on disk, called without a network.</summary>
sealed class TestApi : IDisposable
{
    public const string Url = "http://127.0.0.1:9/";

    readonly TemporaryFolder folder = new();
    readonly ServiceProvider services;
    readonly RollcallApi api;

    public TestApi(
        RequestGrants? grants = null, Func<IBatchCatalog, IBatchCatalog>? wrapCatalog = null, int intakes = RollcallOptions.DefaultIntakes)
    {
        Store = new FileBatchStore(folder.File("batches"));
        Catalog = new FileBatchCatalog(folder.File("catalog"));
        Uploads = new FileUploads(folder.File("uploads"));
        grants ??= TestGrants.Local;
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IBatchStore>(Store)
            .AddSingleton(wrapCatalog?.Invoke(Catalog) ?? Catalog)
            .AddSingleton<IUploads>(Uploads)
            .AddSingleton<ISlotLedger>(new MemorySlotLedger(Time))
            .AddSingleton(_ => SenderHttp.CreateClient())
            .AddSingleton(grants)
            .AddSingleton(grants.Secrets)
            .AddSingleton(new RollcallOptions { Intakes = intakes })
            .AddRollcallApi()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        api = services.GetRequiredService<RollcallApi>();
        Controls = services.GetRequiredService<BatchControls>();
    }

    public FileBatchStore Store { get; }

    public FileBatchCatalog Catalog { get; }

    public BatchControls Controls { get; }

    public FileUploads Uploads { get; }

    /// <summary>The folder of the parts of inputs.</summary>
    public string UploadsFolder => folder.File("uploads");

    /// <summary>The folder of one of the catalog's lists.</summary>
    public string CatalogFolder(string list) => folder.File(Path.Combine("catalog", list));

    /// <summary>The server's limits on the last request and its response.</summary>
    public TestLimits Limits { get; private set; } = new();

    public FakeScheduler Scheduler { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public Task<TestResponse> PostJsonAsync(string json) => PostAsync("", "application/json", Encoding.UTF8.GetBytes(json));

    public Task<TestResponse> PostLinesAsync(string query, string lines, params (string Name, string Value)[] headers) =>
        PostAsync(query, "application/x-ndjson", Encoding.UTF8.GetBytes(lines), headers);

    public Task<TestResponse> PostAsync(string query, string contentType, byte[] body, params (string Name, string Value)[] headers) =>
        PostAsync(query, contentType, new MemoryStream(body), body.Length, headers);

    /// <summary>Posts a body that is not as long as the request says.</summary>
    public Task<TestResponse> PostAsync(string query, string contentType, byte[] body, long contentLength) =>
        PostAsync(query, contentType, new MemoryStream(body), contentLength, []);

    /// <summary>Posts a body of a length that is not said.</summary>
    public Task<TestResponse> PostStreamAsync(string query, string contentType, Stream body) =>
        PostAsync(query, contentType, body, contentLength: null, []);

    Task<TestResponse> PostAsync(
        string query, string contentType, Stream body, long? contentLength, (string Name, string Value)[] headers) =>
        CallAsync("/api/batches", query, request => api.Start.StartAsync(request, Scheduler), request =>
        {
            request.Method = "POST";
            request.ContentType = contentType;
            request.ContentLength = contentLength;
            request.Body = body;
            foreach (var (name, value) in headers)
            {
                request.Headers[name] = value;
            }
        });

    /// <summary>Sends a part of an input.</summary>
    public Task<TestResponse> PutPartAsync(string id, string part, Stream body, string query = "") =>
        CallAsync($"/api/batches/{id}/input/{part}", query, request => api.Uploads.PutPartAsync(request, id, part), request =>
        {
            request.Method = "PUT";
            request.Body = body;
        });

    public Task<TestResponse> ListAsync(string query = "") =>
        CallAsync("/api/batches", query, request => api.List.ListAsync(request, Scheduler));

    public Task<TestResponse> DeleteAsync(string id, string query = "") => DeleteAsync(Catalog, id, query);

    /// <summary>Deletes a batch by another process on the same store.</summary>
    public Task<TestResponse> DeleteElsewhereAsync(string id) => DeleteAsync(new FileBatchCatalog(folder.File("catalog")), id, "");

    Task<TestResponse> DeleteAsync(FileBatchCatalog catalog, string id, string query) =>
        CallAsync(
            $"/api/batches/{id}",
            query,
            request => new PurgeApi(Store, catalog, new BatchPurge(Store, catalog, Time), Time).DeleteAsync(request, id, Scheduler));

    public Task<TestResponse> StatusAsync(string id, string query = "") =>
        CallAsync($"/api/batches/{id}", query, request => api.Read.GetStatusAsync(request, id, Scheduler));

    public Task<TestResponse> ResultsAsync(string id, string query = "", string? acceptEncoding = null) =>
        CallAsync(
            $"/api/batches/{id}/results",
            query,
            request => api.Results.GetResultsAsync(request, id),
            request => request.Headers.AcceptEncoding = acceptEncoding);

    /// <summary>The bytes of results that break off.</summary>
    public async Task<byte[]> ReadBrokenResultsAsync(string id, string query, string acceptEncoding)
    {
        using var body = new ResponseStream();
        await Assert.ThrowsAsync<DamagedDataException>(() => CallAsync(
            body,
            $"/api/batches/{id}/results",
            query,
            request => api.Results.GetResultsAsync(request, id),
            request => request.Headers.AcceptEncoding = acceptEncoding));
        return body.ToArray();
    }

    public Task<TestResponse> ItemAsync(string id, long index, string query = "") =>
        CallAsync($"/api/batches/{id}/items/{index}", query, request => api.Items.GetByIndexAsync(request, id, index));

    public Task<TestResponse> ItemsAsync(string batchId, string query) =>
        CallAsync($"/api/batches/{batchId}/items", query, request => api.Items.GetByIdAsync(request, batchId));

    public Task<TestResponse> ReceiptAsync(string id, string query = "") =>
        CallAsync($"/api/batches/{id}/receipt", query, request => api.Read.GetReceiptAsync(request, id));

    /// <summary>Changes a batch: <c>cancel</c>, <c>pause</c>, <c>resume</c> or <c>redrive</c>.</summary>
    public Task<TestResponse> ChangeAsync(string id, string verb, string query = "") => ChangeAsync(api.Control, id, verb, query);

    /// <summary>Changes a batch by another process on the same store.</summary>
    public Task<TestResponse> ChangeElsewhereAsync(string id, string verb, string query = "") =>
        ChangeAsync(
            new ControlApi(
                Store,
                new FileBatchCatalog(folder.File("catalog")),
                new BatchControls(Store, Time),
                Time,
                new RollcallOptions()),
            id,
            verb,
            query);

    Task<TestResponse> ChangeAsync(ControlApi control, string id, string verb, string query) =>
        CallAsync($"/api/batches/{id}/{verb}", query, request => verb switch
        {
            "cancel" => control.CancelAsync(request, id, Scheduler),
            "pause" => control.PauseAsync(request, id, Scheduler),
            "resume" => control.ResumeAsync(request, id, Scheduler),
            "redrive" => control.RedriveAsync(request, id, Scheduler),
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "The API has no such verb."),
        });

    public Task<TestResponse> PatchAsync(string id, string json) => PatchAsync(id, new MemoryStream(Encoding.UTF8.GetBytes(json)));

    public Task<TestResponse> PatchAsync(string id, Stream body) =>
        CallAsync($"/api/batches/{id}", "", request => api.Control.PatchAsync(request, id, Scheduler), request =>
        {
            request.Method = "PATCH";
            request.ContentType = "application/json";
            request.Body = body;
        });

    public void Dispose()
    {
        Store.Dispose();
        services.Dispose();
        folder.Dispose();
    }

    async Task<TestResponse> CallAsync(
        string path, string query, Func<HttpRequest, Task<IResult>> call, Action<HttpRequest>? prepare = null)
    {
        using var body = new ResponseStream();
        return await CallAsync(body, path, query, call, prepare);
    }

    async Task<TestResponse> CallAsync(
        ResponseStream body, string path, string query, Func<HttpRequest, Task<IResult>> call, Action<HttpRequest>? prepare)
    {
        var context = new DefaultHttpContext { RequestServices = services, RequestAborted = TestContext.Current.CancellationToken };
        Limits = new TestLimits();
        Limits.AddTo(context.Features);
        context.Request.Path = path;
        context.Request.QueryString = new QueryString(query);
        context.Response.Body = body;
        prepare?.Invoke(context.Request);
        var result = await call(context.Request);
        await result.ExecuteAsync(context);
        byte[] bytes = body.ToArray();
        return new TestResponse(
            context.Response.StatusCode,
            context.Response.ContentType,
            context.Response.Headers.Location,
            Encoding.UTF8.GetString(bytes))
        {
            Bytes = bytes,
            Headers = context.Response.Headers,
        };
    }
}
