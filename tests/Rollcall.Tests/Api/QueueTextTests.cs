using System.Text;
using Rollcall.Api.Requests;

namespace Rollcall.Tests.Api;

public sealed class QueueTextTests
{
    [Theory]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("  {\"é\":1}", "  {\"é\":1}")]
    [InlineData("eyJhIjoxfQ==", "{\"a\":1}")]
    [InlineData("not base64!", "not base64!")]
    [InlineData("", "")]
    public void Text_PlainOrInBase64_IsItsJson(string text, string expected)
    {
        Assert.Equal(expected, Encoding.UTF8.GetString(QueueText.ToJson(text).Span));
    }
}
