using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Serving;

/// <summary>Requests to a server with any headers, as the programs of strangers make them.</summary>
sealed class ServeRequest : IDisposable
{
    const string ProblemType = "application/problem+json";

    readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(2) };

    public async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> SendAsync(
        HttpMethod method,
        string url,
        string? body = null,
        string type = "application/json",
        params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(url));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), $"The header {name} cannot be sent.");
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if ((int)response.StatusCode >= 400)
        {
            Assert.Equal(ProblemType, response.Content.Headers.ContentType?.MediaType);
            Assert.Equal((int)response.StatusCode, JsonElement.Parse(text).GetProperty("status").GetInt32());
        }

        return (response.StatusCode, text, response.Headers);
    }

    public void Dispose() => http.Dispose();
}
