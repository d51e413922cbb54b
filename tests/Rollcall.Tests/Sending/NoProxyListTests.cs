using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class NoProxyListTests
{
    [Theory]
    [InlineData("*", "http://anything.example/", true)]
    [InlineData("*", "http://10.0.0.1/", true)]
    [InlineData("x.example", "http://x.example/", true)]
    [InlineData("x.example", "http://X.EXAMPLE:8080/", true)]
    [InlineData("x.example", "http://a.x.example/", true)]
    [InlineData("x.example", "http://ax.example/", false)]
    [InlineData("x.example", "http://x.example.attacker.example/", false)]
    [InlineData(".x.example", "http://a.x.example/", true)]
    [InlineData(".x.example", "http://x.example/", true)]
    [InlineData("*.x.example", "http://a.b.x.example/", true)]
    [InlineData("*.x.example", "http://ax.example/", false)]
    [InlineData("x.example.", "http://x.example/", true)]
    [InlineData("x.example", "http://x.example./", true)]
    [InlineData("x.example:8080", "http://x.example:8080/", true)]
    [InlineData("x.example:8080", "http://x.example/", false)]
    [InlineData("x.example:80", "http://x.example/", true)]
    [InlineData("10.0.0.0/8", "http://10.1.2.3/", true)]
    [InlineData("10.0.0.0/8", "http://11.1.2.3/", false)]
    [InlineData("10.0.0.0/8", "http://10.example/", false)]
    [InlineData("fd00::/8", "http://[fd12::1]/", true)]
    [InlineData("127.0.0.1", "http://127.0.0.1:5080/", true)]
    [InlineData("127.0.0.1:5080", "http://127.0.0.1:5080/", true)]
    [InlineData("127.0.0.1:5080", "http://127.0.0.1:5081/", false)]
    [InlineData("0.0.1", "http://127.0.0.1/", false)]
    [InlineData("::1", "http://[::1]:5080/", true)]
    [InlineData("[::1]", "http://[::1]/", true)]
    [InlineData("[::1]:5080", "http://[::1]:5080/", true)]
    [InlineData("[::1]:5080", "http://[::1]/", false)]
    [InlineData("a.example, b.example c.example", "http://c.example/", true)]
    [InlineData(", ,.", "http://c.example/", false)]
    [InlineData("", "http://c.example/", false)]
    [InlineData(null, "http://c.example/", false)]
    public void Host_IsBypassedAsCurlDoes(string? list, string url, bool isBypassed) =>
        Assert.Equal(isBypassed, NoProxyList.Parse(list).Has(new Uri(url)));
}
