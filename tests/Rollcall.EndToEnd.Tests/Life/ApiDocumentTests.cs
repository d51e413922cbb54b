using System.Net;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>What the OpenAPI document describes is how both hosts respond.</summary>
[Collection(LifeCollection.Name)]
public sealed class ApiDocumentTests(LifeHosts hosts)
{
    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Requests_OfTheDocument_AreMetWithWhatItSays(HostKind kind)
    {
        var api = (await hosts.GetAsync(kind)).Api;
        foreach (var (method, path, operation) in Operations((await api.GetAsync("api/openapi.json")).Require(HttpStatusCode.OK).Json))
        {
            string address = path
                .Replace("{id}", "nobody", StringComparison.Ordinal)
                .Replace("{index}", "0", StringComparison.Ordinal)
                .Replace("{part}", "0", StringComparison.Ordinal)[1..];
            var response = await api.SendAsync(new HttpMethod(method), address, method == "PATCH" ? """{"concurrency":1}""" : null);
            string status = ((int)response.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(
                operation.GetProperty("responses").TryGetProperty(status, out _),
                $"{method} {path} answered {status}, which the document does not have: {response.Text}");
            if (path.Contains("{part}", StringComparison.Ordinal))
            {
                // What comes before its batch.
                response.Require(HttpStatusCode.NoContent);
            }
            else if (path.Contains("{id}", StringComparison.Ordinal))
            {
                Assert.Equal("There is no batch 'nobody'.", response.RequireProblem(HttpStatusCode.NotFound));
            }
        }
    }

    [Fact]
    public async Task Requests_OfTheFunctionApp_AreThoseOfTheDocument()
    {
        var document = (await (await hosts.GetAsync(HostKind.Serve)).Api.GetAsync("api/openapi.json")).Require(HttpStatusCode.OK).Json;
        using var metadata = JsonDocument.Parse(
            await File.ReadAllBytesAsync(Path.Combine(Repository.App, "functions.metadata"), TestContext.Current.CancellationToken));
        var triggers = metadata.RootElement.EnumerateArray()
            .SelectMany(function => function.GetProperty("bindings").EnumerateArray())
            .Where(binding => binding.GetProperty("type").ValueEquals("httpTrigger"))
            .SelectMany(binding => binding.GetProperty("methods").EnumerateArray().Select(method =>
                $"{method.GetString()!.ToUpperInvariant()} "
                + $"/api/{PathOf(binding.GetProperty("route").GetString()!)}"));
        Assert.Equal(
            Operations(document).Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal),
            triggers.Order(StringComparer.Ordinal));
    }

    // Where the query has an id as well, the host needs another name for that of the path.
    static string PathOf(string route) => route
        .Replace(":long", "", StringComparison.Ordinal)
        .Replace("{batchId}", "{id}", StringComparison.Ordinal);

    static IEnumerable<(string Method, string Path, JsonElement Operation)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(operation => operation.Name != "parameters")
            .Select(operation => (operation.Name.ToUpperInvariant(), path.Name, operation.Value)));
}
