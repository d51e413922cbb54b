using Rollcall.Batches;

namespace Rollcall.Tests.Batches;

public sealed class ShownUrlTests
{
    [Theory]
    [InlineData("https://h.example/a/b", "https://h.example/a/b")]
    [InlineData("https://h.example:8443/a@b", "https://h.example:8443/a@b")]
    [InlineData("https://h.example/a?sig=PW&b=1", "https://h.example/a?…")]
    [InlineData("https://h.example?PW", "https://h.example?…")]
    [InlineData("https://h.example/a?", "https://h.example/a?…")]
    [InlineData("https://h.example/a#PW", "https://h.example/a#…")]
    [InlineData("https://h.example/a#PW?PW", "https://h.example/a#…")]
    [InlineData("https://user:PW@h.example/a?PW", "https://h.example/a?…")]
    [InlineData("https://PW@h.example", "https://h.example")]
    [InlineData("https://u:P@PW@h.example/", "https://h.example/")]
    [InlineData("//user:PW@h.example/a", "//h.example/a")]
    [InlineData("\\\\user:PW@h.example\\a", "\\\\h.example\\a")]
    [InlineData("http:\\\\user:PW@h.example/a", "http:\\\\h.example/a")]
    [InlineData("user:PW@h.example/a", "h.example/a")]
    [InlineData("/a/b?PW", "/a/b?…")]
    [InlineData("?PW", "?…")]
    [InlineData("a@b", "b")]
    [InlineData("", "")]
    public void Url_IsShownWithoutUserQueryAndFragment(string url, string shown) => Assert.Equal(shown, ShownUrl.Of(url));

    [Theory]
    [InlineData("ftp://u:PW@h/?PW")]
    [InlineData("user:PW@h/a")]
    [InlineData("nowhere?key=PW")]
    [InlineData("http://u:PW@h/?PW")]
    [InlineData("http://h/{{id}}?key=PW")]
    public void UrlError_HasNoPartThatIsNotShown(string url) =>
        Assert.DoesNotContain("PW", BatchTarget.FindUrlError(url)!, StringComparison.Ordinal);
}
