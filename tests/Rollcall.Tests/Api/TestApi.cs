using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Api;
using Rollcall.Hosting;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

/// <summary>The API over a store on disk, called without a network.</summary>
sealed class TestApi : IDisposable
{
    public const string Url = "http://127.0.0.1:9/";

    readonly TemporaryFolder folder = new();
    readonly ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
    readonly StartApi start;
    readonly ReadApi read;
    readonly ListApi list;

    public TestApi(ItemsBlobOpener? openBlob = null)
    {
        Store = new FileBatchStore(folder.File("batches"));
        Catalog = new FileBatchCatalog(folder.File("catalog"));
        start = new StartApi(new BatchStarter(Store, Catalog, Time, new RollcallOptions()), openBlob);
        read = new ReadApi(Store, Time);
        list = new ListApi(Store, Catalog, Time);
    }

    public FileBatchStore Store { get; }

    public FileBatchCatalog Catalog { get; }

    /// <summary>The server's limits on the last request and its answer.</summary>
    public TestLimits Limits { get; private set; } = new();

    public FakeScheduler Scheduler { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public Task<TestAnswer> PostJsonAsync(string json) => PostAsync("", "application/json", Encoding.UTF8.GetBytes(json));

    public Task<TestAnswer> PostLinesAsync(string query, string lines, params (string Name, string Value)[] headers) =>
        PostAsync(query, "application/x-ndjson", Encoding.UTF8.GetBytes(lines), headers);

    public Task<TestAnswer> PostAsync(string query, string contentType, byte[] body, params (string Name, string Value)[] headers) =>
        CallAsync("/api/batches", query, request => start.StartAsync(request, Scheduler), request =>
        {
            request.Method = "POST";
            request.ContentType = contentType;
            request.ContentLength = body.Length;
            request.Body = new MemoryStream(body);
            foreach (var (name, value) in headers)
            {
                request.Headers[name] = value;
            }
        });

    public Task<TestAnswer> ListAsync(string query = "") => CallAsync("/api/batches", query, request => list.ListAsync(request, Scheduler));

    public Task<TestAnswer> DeleteAsync(string id) =>
        CallAsync($"/api/batches/{id}", "", request => new PurgeApi(Store, Catalog, new BatchPurge(Store, Catalog, Time), Time).DeleteAsync(request, id, Scheduler));

    public Task<TestAnswer> StatusAsync(string id) => CallAsync($"/api/batches/{id}", "", request => read.GetStatusAsync(request, id, Scheduler));

    public Task<TestAnswer> ResultsAsync(string id, string query = "") =>
        CallAsync($"/api/batches/{id}/results", query, request => read.GetResultsAsync(request, id));

    public Task<TestAnswer> ItemAsync(string id, long index) =>
        CallAsync($"/api/batches/{id}/items/{index}", "", request => read.GetItemAsync(request, id, index));

    public Task<TestAnswer> ReceiptAsync(string id) => CallAsync($"/api/batches/{id}/receipt", "", request => read.GetReceiptAsync(request, id));

    public void Dispose()
    {
        Store.Dispose();
        services.Dispose();
        folder.Dispose();
    }

    async Task<TestAnswer> CallAsync(string path, string query, Func<HttpRequest, Task<IResult>> call, Action<HttpRequest>? prepare = null)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, RequestAborted = TestContext.Current.CancellationToken };
        Limits = new TestLimits();
        Limits.AddTo(context.Features);
        context.Request.Path = path;
        context.Request.QueryString = new QueryString(query);
        context.Response.Body = body;
        prepare?.Invoke(context.Request);
        var result = await call(context.Request);
        await result.ExecuteAsync(context);
        return new TestAnswer(context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.Location, Encoding.UTF8.GetString(body.ToArray()));
    }
}
