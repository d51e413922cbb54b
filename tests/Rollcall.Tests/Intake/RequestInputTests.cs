using System.Text;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Intake;

/// <summary>Lines that are requests, and lines that are URLs.</summary>
public sealed class RequestInputTests
{
    const string Form = "application/x-www-form-urlencoded";
    const string Bytes = "application/octet-stream";

    [Fact]
    public async Task Request_OfAnOpenAiBatchFile_IsItsPartsByteForByte()
    {
        var item = await ReadAsync(
            """{"custom_id": "request-1", "method": "POST", "url": "/v1/chat/completions", "body": {"model" : "m", "n": 1.0}}""");
        Assert.Equal("request-1", item.Id);
        Assert.Equal("""{"model" : "m", "n": 1.0}""", item.Text());
        Assert.Equal(("POST", "/v1/chat/completions", true), (item.Head!.Method, item.Head.Url, item.Head.HasBody));
        Assert.Equal("application/json", item.Head.Headers!["content-type"]);
    }

    [Theory]
    [InlineData("""{"text":"é\n"}""", "é\n", "text/plain; charset=utf-8")]
    [InlineData("""{"base64":"AP8="}""", "\0\ufffd", Bytes)]
    [InlineData("""{"form":{"a b":"x&y=é","n":1.50,"t":true,"l":["1",2]}}""", "a+b=x%26y%3D%C3%A9&n=1.50&t=true&l=1&l=2", Form)]
    [InlineData("""{"body":null}""", "null", "application/json")]
    [InlineData("""{"body":[],"headers":{"content-type":"application/vnd.api+json"}}""", "[]", "application/vnd.api+json")]
    public async Task Body_OfEachKind_HasItsBytesAndItsType(string line, string payload, string type)
    {
        var item = await ReadAsync(line);
        Assert.Equal(payload, item.Text());
        Assert.Equal(type, item.Head!.Headers!["Content-Type"]);
        Assert.True(item.Head.HasBody);
        Assert.Null(item.Head.Method);
        Assert.Null(item.Head.Url);
    }

    [Fact]
    public async Task Request_WithoutABody_HasNone()
    {
        var item = await ReadAsync("""{"id":"a","method":"delete","url":"https://h/x","headers":{"X-A":"1"}}""");
        Assert.Equal(0, item.Payload.Length);
        Assert.False(item.Head!.HasBody);
        Assert.Equal("DELETE", item.Head.Method);
        Assert.Equal([KeyValuePair.Create("X-A", "1")], item.Head.Headers!);
    }

    [Fact]
    public async Task File_BelowTheInputsFolder_IsTheBody()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("scans"));
        await File.WriteAllBytesAsync(folder.File("scans/1.bin"), [0, 255, 1], TestContext.Current.CancellationToken);
        var options = new InputOptions { Format = InputFormat.Requests };
        var source = ReadInput.Source("{\"file\":\"scans/1.bin\"}"u8.ToArray()) with { Folder = folder.File("") };

        var item = Assert.Single(await ReadInput.ItemsAsync(source, options));
        Assert.Equal([0, 255, 1], item.Payload.ToArray());
        Assert.Equal(Bytes, item.Head!.Headers!["Content-Type"]);

        foreach (string name in new[] { "../x", "/etc/hostname", "scans/../../x", "." })
        {
            var outside = ReadInput.Source(Encoding.UTF8.GetBytes($$"""{"file":"{{name}}"}""")) with { Folder = folder.File("") };
            var failure = await Assert.ThrowsAsync<Rollcall.Validation.InvalidInputException>(() => ReadInput.ItemsAsync(outside, options));
            string error = failure.Errors[0].Message;
            Assert.EndsWith(": a path below the input's folder, relative to it, is needed.", error, StringComparison.Ordinal);
        }

        var missing = ReadInput.Source("{\"file\":\"none.bin\"}"u8.ToArray()) with { Folder = folder.File("") };
        var refused = await Assert.ThrowsAsync<Rollcall.Validation.InvalidInputException>(() => ReadInput.ItemsAsync(missing, options));
        Assert.Contains("which cannot be read: ", refused.Errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"body":1,"text":"x"}""",
        "\"text\" is there beside \"body\": at most one of \"body\", \"text\", \"base64\", \"form\" and \"file\" is allowed.")]
    [InlineData("""{"id":"a","custom_id":"b"}""", "\"custom_id\" is there beside \"id\": one of them is allowed.")]
    [InlineData("""{"id":7}""", "\"id\" is 7: a string is needed.")]
    [InlineData("""{"id":""}""", "\"id\" has 0 characters: a string of 1 to 256 characters is needed.")]
    [InlineData("""{"method":"GE T"}""", "\"method\" is 'GE T': letters are needed, such as POST.")]
    [InlineData("""{"method":""}""", "\"method\" is '': letters are needed, such as POST.")]
    [InlineData("""{"method":1}""", "\"method\" is 1: a string is needed.")]
    [InlineData("""{"headers":[]}""", "\"headers\" is an array: an object of strings is needed.")]
    [InlineData("""{"headers":{"X":1}}""", "\"headers\" has a \"X\" that is no text: a string is needed.")]
    [InlineData("""{"headers":{"Content-Length":"1"}}""", "\"headers\" is wrong: The header 'Content-Length' is set by Rollcall itself")]
    [InlineData("""{"headers":{"X":"a\r\nB: c"}}""", "\"headers\" is wrong: The value of the header 'X' has a character that is not")]
    [InlineData("""{"headers":{"X":"1","x":"2"}}""", "\"headers\" has \"x\" more than once.")]
    [InlineData("""{"text":1}""", "\"text\" is 1: a string is needed.")]
    [InlineData("""{"text":"\ud800"}""", "\"text\" has half of a surrogate pair")]
    [InlineData("""{"base64":"AP8"}""", "\"base64\" is not base64")]
    [InlineData("""{"form":"a=b"}""", "\"form\" is a string: an object of strings, numbers and booleans is needed.")]
    [InlineData("""{"form":{"a":{}}}""", "\"form\" has \"a\", which is an object: ")]
    [InlineData("""{"file":"x"}""", "\"file\" is not allowed here: only rollcall run reads files.")]
    [InlineData("""{"url":"a","url":"b"}""", "\"url\" is there more than once.")]
    [InlineData("""{"uri":"a"}""", "\"uri\" is not known: ", "Did you mean \"url\"?")]
    public async Task Request_ThatIsWrong_IsNamedByItsField(string line, string expected, string end = "")
    {
        string error = Assert.Single(await ReadInput.ErrorsAsync("{}\n" + line, InputFormat.Requests));
        Assert.StartsWith("2: has a request whose " + expected, error, StringComparison.Ordinal);
        Assert.EndsWith(end, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "1: is not a request: an object such as {\"id\":\"a1\",")]
    [InlineData("7", "1: is not a request: an object such as ")]
    [InlineData("{", "1: is not JSON: ")]
    [InlineData("""{"url":"ftp://h/"}""", "1: has the URL 'ftp://h/', whose scheme is 'ftp': http and https are allowed.")]
    public async Task Line_ThatIsNoRequest_IsNamed(string line, string expected) =>
        Assert.StartsWith(expected, Assert.Single(await ReadInput.ErrorsAsync(line, InputFormat.Requests)), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://example.com/a?b=c#d")]
    [InlineData("/a/b")]
    [InlineData("a/b?c=d")]
    [InlineData("?q=1")]
    [InlineData("https://example.com/é")]
    public async Task Url_OnALine_IsAGetWithoutABody(string url)
    {
        var item = Assert.Single(await ReadInput.ItemsAsync(url + "\r\n\n", InputFormat.Urls));
        Assert.Equal(0, item.Payload.Length);
        Assert.Equal(new RequestHead(Url: url, HasBody: false), item.Head);
        Assert.Null(item.Id);
    }

    [Theory]
    [InlineData("/a\n\n/b", "2: is empty: every line is one URL.")]
    [InlineData("/a b", "1: has the URL '/a b' with white space in it: a URL needs %20 in its place.")]
    [InlineData("mailto:b.c", "1: has the URL 'mailto:b.c', whose scheme is 'mailto': http and https are allowed.")]
    [InlineData("https://u:p@h/", "1: has a URL with a user name or password in it")]
    [InlineData("https://", "1: has 'https://', which is not a URL")]
    [InlineData("\n", ": has no line, so there is nothing to send.")]
    public async Task Url_ThatIsWrong_IsNamed(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Single(await ReadInput.ErrorsAsync(text, InputFormat.Urls)), StringComparison.Ordinal);

    static async Task<BatchItem> ReadAsync(string line) => Assert.Single(await ReadInput.ItemsAsync(line, InputFormat.Requests));
}
