using Rollcall.Items;

namespace Rollcall.Tests.Api;

/// <summary>What a wrong request as lines is told.</summary>
public sealed class QueryErrorTests : IDisposable
{
    const string To = "?to=http%3A%2F%2F127.0.0.1%3A9%2F";

    readonly TestApi api = new();

    public void Dispose() => api.Dispose();

    [Theory]
    [InlineData("?id=n", "to", "is missing: the http or https URL to send to is needed.")]
    [InlineData("?to=ftp://h/", "to", "is not allowed: 'ftp://h/' is not a URL to send to")]
    [InlineData("?to=", "to", "is not allowed: '' is not a URL to send to")]
    [InlineData(To + "&concurrency=many", "concurrency", "is 'many': a whole number is needed, and 1 to 10000 is allowed.")]
    [InlineData(To + "&concurrency=0", "concurrency", "is 0: 1 to 10000 is allowed.")]
    [InlineData(To + "&concurrency=", "concurrency", "is '': a whole number is needed")]
    [InlineData(To + "&concurrency=99999999999", "concurrency", "is '99999999999': a whole number is needed, and 1 to 10000 is allowed.")]
    [InlineData(To + "&timeoutSeconds=1,000", "timeoutSeconds", "is '1,000': a number is needed, and above 0 and up to 86400 is allowed.")]
    [InlineData(To + "&timeoutSeconds=NaN", "timeoutSeconds", "is NaN: above 0")]
    [InlineData(To + "&maxAttempts=0", "maxAttempts", "is 0: 1 to 100 is allowed.")]
    [InlineData(To + "&maxFailedPercent=101", "maxFailedPercent", "is 101: 0 to 100, or null, is allowed.")]
    [InlineData(To + "&itemsPerActivity=2", "itemsPerActivity", "is 2: only 1 is allowed.")]
    [InlineData(
        To + "&id=a%2Fb",
        "id",
        "is 'a/b': 1 to 64 of A-Z a-z 0-9 - _ are allowed, but not con, prn, aux, nul, com1 to com9 and lpt1 to lpt9, which are devices "
        + "on Windows.")]
    [InlineData(To + "&id=a&id=b", "id", "is given more than once.")]
    [InlineData(To + "&followRedirects=yes", "followRedirects", "is 'yes': true and false are allowed.")]
    [InlineData(To + "&retryOnTimeout=0", "retryOnTimeout", "is '0': true and false are allowed.")]
    [InlineData(
        To + "&input=xlsx",
        "input",
        "is 'xlsx': 'lines', 'items', 'requests', 'json', 'csv', 'tsv' and 'urls' are allowed.")]
    [InlineData(To + "&csvTypes=number", "csvTypes", "is 'number': 'infer' and 'string' are allowed.")]
    [InlineData(To + "&itemId=", "itemId", "is '': the name of a column or field, or a JSON Pointer, of at most 1000 characters ")]
    [InlineData(To + "&allowDuplicateIds=yes", "allowDuplicateIds", "is 'yes': true and false are allowed.")]
    [InlineData(To + "&limit=0", "limit", "is '0': a whole number of at least 1 is needed.")]
    [InlineData(To + "&limit=-1", "limit", "is '-1': a whole number of at least 1 is needed.")]
    [InlineData(To + "&startAt=tomorrow", "startAt", "is 'tomorrow': an RFC 3339 date-time with an offset")]
    [InlineData(To + "&webhook=nowhere", "webhook", "is not allowed: 'nowhere' is not a URL to send to")]
    [InlineData(
        To + "&webhook=http%3A%2F%2Fh%2F&webhookSecret=a%20b",
        "webhookSecret",
        "is not the name of a secret: the name of a secret, 1 to 128 of letters, digits, _ and -, is needed, and not the secret itself.")]
    [InlineData(To + "&webhookSecret=A", "webhookSecret", "names the secret that signs for 'webhook', and there is none.")]
    [InlineData(To + "&notifyQueue=done", "notifyQueue", "is not allowed: this host has no storage account, and so no queues.")]
    public async Task Parameter_ThatIsNotAllowed_IsNamed(string query, string parameter, string message)
    {
        var response = await api.PostLinesAsync(query, "1\n");
        var error = response.OnlyError(400);
        Assert.Equal($"parameter {parameter}", error.Place);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal($"{parameter} {error.Message}", response.Problem(400));
        Assert.Empty(api.Scheduler.Scheduled);
    }

    [Theory]
    [InlineData("concurency", " Did you mean \"concurrency\"?")]
    [InlineData("MAXATTEMPTS", " Did you mean \"maxAttempts\"?")]
    [InlineData("priority", "are allowed.")]
    public async Task Parameter_ThatIsNotKnown_IsComparedWithThoseThatAre(string name, string end)
    {
        var (place, message) = (await api.PostLinesAsync($"{To}&{name}=4", "1\n")).OnlyError(400);
        Assert.Equal($"parameter {name}", place);
        Assert.StartsWith("is not known: \"to\", \"method\", \"id\", \"inputParts\", ", message, StringComparison.Ordinal);
        Assert.EndsWith(end, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_ThatCannotBeSent_IsRefused()
    {
        var (place, message) = (await api.PostLinesAsync(To, "1\n", ("X-Rollcall-Header-Content-Length", "5"))).OnlyError(400);
        Assert.Equal("header X-Rollcall-Header-Content-Length", place);
        Assert.Equal("is not allowed: The header 'Content-Length' is set by Rollcall itself and cannot be given.", message);
    }

    [Fact]
    public async Task Header_ThatIsNotKnown_IsRefused()
    {
        var (place, message) = (await api.PostLinesAsync(To, "1\n", ("X-Rollcall-Headers-A", "v"))).OnlyError(400);
        Assert.Equal("header X-Rollcall-Headers-A", place);
        Assert.Equal("is not known: X-Rollcall-Header-NAME, X-Rollcall-Secret-NAME and X-Rollcall-Request are allowed.", message);
    }

    [Fact]
    public async Task Json_WithWhatOnlyLinesHave_IsRefused()
    {
        var response = await api.PostAsync(
            "?concurrency=1&code=key",
            "application/json",
            """{"target":{"url":"http://h/"},"items":[{"body":1}]}"""u8.ToArray(),
            ("X-Rollcall-Header-A", "v"));
        Assert.Equal(["parameter concurrency", "header X-Rollcall-Header-A"], response.Errors(400).Select(error => error.Place));
        Assert.Empty(api.Scheduler.Scheduled);
    }

    [Fact]
    public async Task Parameter_ThatARequestDoesNotKnow_IsRefusedByEach()
    {
        await api.StartBatchAsync();
        foreach (var response in new[]
        {
            await api.ListAsync("?state=failed"),
            await api.ResultsAsync("b", "?state=failed"),
            await api.ItemAsync("b", 0, "?state=failed"),
            await api.ReceiptAsync("b", "?state=failed"),
            await api.StatusAsync("b", "?state=failed"),
            await api.ChangeAsync("b", "cancel", "?state=failed"),
            await api.ChangeAsync("b", "redrive", "?state=failed"),
            await api.DeleteAsync("b", "?state=failed"),
        })
        {
            Assert.StartsWith("state is not known: ", response.Problem(400), StringComparison.Ordinal);
        }

        Assert.Equal(
            "errorCodes is not known: \"errorCode\" is allowed. Did you mean \"errorCode\"?",
            (await api.ChangeAsync("b", "redrive", "?errorCodes=timeout")).Problem(400));
        Assert.Equal(200, (await api.StatusAsync("b", "?code=key&clientId=name")).Status);
    }

    [Fact]
    public async Task Errors_OfTheQueryAndTheHeaders_AreNamedAtOnce()
    {
        var response = await api.PostLinesAsync(
            "?concurrency=0&x=1&maxDelaySeconds=-1",
            "1\n",
            ("X-Rollcall-Header-A", "v"),
            ("X-Rollcall-Secret-a", "S"),
            ("X-Rollcall-Secret-B", ""),
            ("X-Rollcall-Header-C", "\u007f"));
        Assert.Equal(
            [
                "parameter concurrency",
                "parameter x",
                "parameter maxDelaySeconds",
                "parameter to",
                "header X-Rollcall-Secret-a",
                "header X-Rollcall-Secret-B",
                "header X-Rollcall-Header-C",
            ],
            response.Errors(400).Select(error => error.Place));
        Assert.Equal("The request has 7 errors.", response.Problem(400));
        Assert.DoesNotContain("\\u007f", response.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Line_ThatIsOverTheLargestPayload_IsTooLargeAndNamed()
    {
        byte[] body = [.. "1\n\""u8, .. Enumerable.Repeat((byte)'x', BatchItem.MaxPayloadBytes), .. "\"\n3\n"u8];
        var response = await api.PostAsync(To + "&id=n", "application/x-ndjson", body);
        Assert.Equal(("line 2", "is longer than 67108864 bytes, the largest payload."), response.OnlyError(413));
        Assert.StartsWith("1 of 3 lines cannot be sent.", response.Problem(413), StringComparison.Ordinal);
        Assert.Null(await api.Store.FindManifestAsync("n", TestContext.Current.CancellationToken));
    }
}
