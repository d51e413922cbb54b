using Rollcall.Batches;

namespace Rollcall.Tests.Batches;

public sealed class BatchTargetTests
{
    [Theory]
    [InlineData("http://h/{{id}}", true)]
    [InlineData("http://{{host}}/", true)]
    [InlineData("http://h/?q={{ a.b }}", true)]
    [InlineData("http://h/a{{}}", true)]
    [InlineData("http://h/{id}", false)]
    [InlineData("http://h/}}{{", false)]
    public void Url_WithATemplate_IsRefused(string url, bool isRefused) =>
        Assert.Equal(
            isRefused,
            BatchTarget.FindUrlError(url)?.Contains("this URL cannot be a template", StringComparison.Ordinal) == true);

    [Theory]
    [InlineData("http://127.0.0.1:5000/")]
    [InlineData("https://api.example.com/score?x=1")]
    [InlineData("HTTPS://API.EXAMPLE.COM")]
    [InlineData("http://[::1]:8080/a")]
    [InlineData("http://bücher.example/")]
    [InlineData("http://my_service:8080/")]
    public void Url_ThatIsAbsoluteHttp_IsAccepted(string url)
    {
        Assert.Null(BatchTarget.FindUrlError(url));
    }

    [Theory]
    [InlineData("")]
    [InlineData("api.example.com/score")]
    [InlineData("/score")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://")]
    [InlineData("http:///score")]
    [InlineData("http://host:99999/")]
    [InlineData("http://a b/")]
    [InlineData("http://a..b/")]
    [InlineData("mailto:example.com")]
    [InlineData("localhost:5000")]
    public void Url_ThatCannotBeSentTo_IsRefusedByName(string url)
    {
        Assert.Equal($"'{url}' is not a URL to send to: an absolute http:// or https:// URL is needed.", BatchTarget.FindUrlError(url));
    }

    [Theory]
    [InlineData("https://user:hunter2@example.com/")]
    [InlineData("https://hunter2@example.com/")]
    public void Url_WithAPassword_IsRefusedWithoutSayingIt(string url)
    {
        string? error = BatchTarget.FindUrlError(url);
        Assert.Contains("user name or password", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Tenant", "a")]
    [InlineData("Authorization", "Bearer abc")]
    [InlineData("!#$%&'*+-.^_`|~09azAZ", "x")]
    [InlineData("X-Empty", "")]
    [InlineData("X-Tab", "a\tb")]
    [InlineData("X-Printable", " !~")]
    public void Header_ThatHttpAllows_IsAccepted(string name, string value)
    {
        Assert.Null(BatchTarget.FindHeaderError(name, value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("X Tenant")]
    [InlineData("X:Tenant")]
    [InlineData("Ténant")]
    [InlineData("X\r\nY")]
    [InlineData("X(1)")]
    public void HeaderName_ThatIsNoToken_IsRefusedByName(string name)
    {
        Assert.StartsWith($"'{name}' is not a header name", BatchTarget.FindHeaderError(name, "x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length")]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Expect")]
    [InlineData("Trailer")]
    [InlineData("Upgrade")]
    [InlineData("Idempotency-Key")]
    public void Header_ThatIsRollcallsOwn_IsRefused(string name)
    {
        Assert.Equal($"The header '{name}' is set by Rollcall itself and cannot be given.", BatchTarget.FindHeaderError(name, "x"));
    }

    [Theory]
    [InlineData("hunter2\n")]
    [InlineData("hunter2\r\nX: 1")]
    [InlineData("hunter2\0")]
    [InlineData("hunter2é")]
    [InlineData("hunter2\u007f")]
    public void HeaderValue_ThatHttpForbids_IsRefusedWithoutSayingIt(string value)
    {
        Assert.Equal(
            "The value of the header 'X-A' has a character that is not printable ASCII.",
            BatchTarget.FindHeaderError("X-A", value));
    }
}
