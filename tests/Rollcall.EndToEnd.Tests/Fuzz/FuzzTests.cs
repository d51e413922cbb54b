using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Rollcall.EndToEnd.Tests.Life;

namespace Rollcall.EndToEnd.Tests.Fuzz;

/// <summary>
/// Requests by chance over all routes, many at once on few ids: each gets its response in order, and the host is as good as before.
/// </summary>
[Collection(LifeCollection.Name)]
public sealed class FuzzTests(LifeHosts hosts)
{
    const string SeedVariable = "ROLLCALL_FUZZ_SEED";
    const string RequestsVariable = "ROLLCALL_FUZZ_REQUESTS";
    const string ProblemType = "application/problem+json";
    const int AtOnce = 16;

    [Theory]
    [InlineData(HostKind.Serve, 1000)]
    [InlineData(HostKind.FunctionApp, 150)]
    public async Task Requests_ByChanceAndAtOnce_AreHandledInOrderAndLeaveTheHostAsGoodAsBefore(HostKind kind, int usual)
    {
        int seed = Read(SeedVariable) ?? Random.Shared.Next();
        int requests = Read(RequestsVariable) ?? usual;
        string command = string.Create(
            CultureInfo.InvariantCulture,
            $"{SeedVariable}={seed} {RequestsVariable}={requests} {Environment.ProcessPath} -class '*{nameof(FuzzTests)}'");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {command}");
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync();

        var faults = await SendAsync(host.Api.BaseAddress, target.Url, kind, seed, requests);

        Assert.True(
            faults.IsEmpty,
            $"{faults.Count} of {requests} requests were not answered in order. Repeat it with: "
            + $"{command}\n{string.Join('\n', faults.Take(10))}\n{host.Written}");
        string id = string.Create(CultureInfo.InvariantCulture, $"clean-{kind}-{seed}");
        string items = string.Join(',', Enumerable.Range(0, 50).Select(i => $$"""{"body":"{{id}}-{{i}}"}"""));
        byte[] clean = Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","target":{"url":"{{target.Url}}"},"items":[{{items}}]}""");
        (await host.Api.PostAsync(clean, "application/json")).Require(HttpStatusCode.Accepted);
        await host.Api.WaitForStateAsync(id, "completed");
        Assert.Equal(50, (await host.Api.DownloadResultsAsync(id, "")).Lines.Count);
    }

    static async Task<ConcurrentQueue<string>> SendAsync(Uri address, string target, HostKind kind, int seed, int requests)
    {
        var faults = new ConcurrentQueue<string>();
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async sender =>
        {
            var maker = new FuzzRequest(new Random(unchecked((seed * AtOnce) + sender)), target, hasOwnRoutes: kind == HostKind.Serve);
            while (Interlocked.Increment(ref next) <= requests)
            {
                using var request = maker.Next(address);
                if (await FindFaultAsync(http, request) is { } fault)
                {
                    faults.Enqueue($"{request.Method} {request.RequestUri!.PathAndQuery}: {fault}");
                }
            }
        }));
        return faults;
    }

    static async Task<string?> FindFaultAsync(HttpClient http, HttpRequestMessage request)
    {
        try
        {
            using var response = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken);
            int status = (int)response.StatusCode;
            string type = response.Content.Headers.ContentType?.MediaType ?? "";
            if (status >= 500)
            {
                return $"{status} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
            }

            bool isProblem = status < 400 || type == ProblemType || request.Method == HttpMethod.Head;
            return isProblem ? null : $"{status} of the type '{type}'";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }

    static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
