using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Rollcall.Api.Responses;
using Rollcall.Cli.Files;

namespace Rollcall.Cli.Client;

/// <summary>Uploads a batch to a Rollcall server and starts it.</summary>
/// <param name="http">Sends the requests.</param>
/// <param name="batches">The URL of the server's batches.</param>
sealed class BatchUpload(ServerHttp http, Uri batches)
{
    const string LinesType = "application/x-ndjson";
    const int BufferSize = 128 * 1024;

    // A third of what a Function App accepts in one request by default, and the host holds it in memory.
    const int PartBytes = 32 * 1024 * 1024;

    /// <summary>Sends the lines and starts the batch.</summary>
    /// <param name="lines">
    /// The lines, which are read as they are sent: in parts if they may be more than a platform accepts in one request.
    /// </param>
    /// <returns>What the server accepted.</returns>
    public async Task<StartResponse> SendAsync(BatchSubmission submission, InputStream lines, CancellationToken cancellationToken)
    {
        if (lines.KnownLength <= PartBytes)
        {
            return await StartAsync(submission, parts: 0, new StreamContent(lines, BufferSize), lines.KnownLength, cancellationToken);
        }

        byte[] part = new byte[PartBytes];
        int parts = 0;
        int length;
        while ((length = await lines.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken)) > 0)
        {
            if (parts == 0 && length < part.Length)
            {
                return await StartAsync(submission, parts: 0, new ByteArrayContent(part, 0, length), length, cancellationToken);
            }

            await PutPartAsync(submission.Id, parts++, new ByteArrayContent(part, 0, length), cancellationToken);
        }

        return await StartAsync(submission, parts, new ByteArrayContent([]), length: 0, cancellationToken);
    }

    async Task<StartResponse> StartAsync(
        BatchSubmission submission, int parts, HttpContent lines, long? length, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(batches + submission.ToQuery(parts))) { Content = lines };
        lines.Headers.ContentType = new MediaTypeHeaderValue(LinesType);
        lines.Headers.ContentLength = length;

        // So that a server can refuse the batch before all of it is sent.
        request.Headers.ExpectContinue = true;
        foreach (var (name, value) in submission.ToHeaders())
        {
            request.Headers.Add(name, value);
        }

        var response = await http.CallAsync(
            token => http.ReadJsonAsync(request, ApiJson.Default.StartResponse, token),
            Timeout.InfiniteTimeSpan,
            cancellationToken);
        return response.Id == submission.Id ? response : throw ServerHttp.NotRollcall(request.RequestUri!);
    }

    Task<HttpStatusCode> PutPartAsync(string id, int part, HttpContent content, CancellationToken cancellationToken) => http.CallAsync(
        async token =>
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Put,
                string.Create(CultureInfo.InvariantCulture, $"{batches}/{Uri.EscapeDataString(id)}/input/{part}"))
            { Content = content };
            request.Headers.ExpectContinue = true;
            return await http.SendAsync(request, token);
        },
        Timeout.InfiniteTimeSpan,
        cancellationToken);
}
