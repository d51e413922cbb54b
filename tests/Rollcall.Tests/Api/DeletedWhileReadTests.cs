using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rollcall.Api;
using Rollcall.Storage;

namespace Rollcall.Tests.Api;

/// <summary>A batch that is deleted between any two reads of a request is not damaged: there is none.</summary>
public sealed class DeletedWhileReadTests : IDisposable
{
    readonly TestApi api = new();

    public void Dispose() => api.Dispose();

    [Theory]
    [InlineData(nameof(IBatchStore.FindReceiptAsync))]
    [InlineData(nameof(IBatchStore.OpenResultsAsync))]
    public async Task Results_OfABatchThatIsDeletedMeanwhile_AreNotFound(string read) =>
        Assert.Equal(404, await StatusAsync(read, (store, request) => new ResultsApi(store).GetResultsAsync(request, "b")));

    [Theory]
    [InlineData(nameof(IBatchStore.FindReceiptAsync))]
    [InlineData(nameof(IBatchStore.OpenResultsAsync))]
    public async Task Item_OfABatchThatIsDeletedMeanwhile_IsNotFound(string read) =>
        Assert.Equal(404, await StatusAsync(read, (store, request) => new ItemsApi(store).GetByIndexAsync(request, "b", 3)));

    async Task<int> StatusAsync(string read, Func<IBatchStore, HttpRequest, Task<IResult>> ask)
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        await api.SealAsync();
        var store = DispatchProxy.Create<IBatchStore, DeletingStore>();
        ((DeletingStore)store).DeleteBefore(api.Store, read);
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        using var body = new MemoryStream();
        context.Response.Body = body;

        await (await ask(store, context.Request)).ExecuteAsync(context);

        Assert.Null(await api.Store.FindManifestAsync("b", TestContext.Current.CancellationToken));
        return context.Response.StatusCode;
    }
}

/// <summary>Deletes batch "b" before a method reads.</summary>
public class DeletingStore : DispatchProxy
{
    IBatchStore? inner;
    string? method;

    internal void DeleteBefore(IBatchStore store, string read) => (inner, method) = (store, read);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == method)
        {
            // Files are deleted at once.
            while (inner!.DeleteAsync("b", 1000, CancellationToken.None).GetAwaiter().GetResult())
            {
            }
        }

        return targetMethod.Invoke(inner, args);
    }
}
