using Rollcall.Cli.Running;

namespace Rollcall.Cli.Tests.Running;

public sealed class RetryChoiceTests
{
    [Theory]
    [InlineData("timeout", "timeout", "timeout")]
    [InlineData("timeout, 404,500", "500-599", "timeout, 404, 500, 500-599")]
    [InlineData("422", "422,http-status", "http-status, 422, 422")]
    public void Choice_OfCodesAndStatuses_HasAll(string first, string second, string expected)
    {
        var choice = RetryChoice.Read([first, second], out string? wrong);
        Assert.Equal((expected, null), (choice!.ToString(), wrong));
    }

    [Theory]
    [InlineData("4xx")]
    [InlineData("")]
    [InlineData("99")]
    [InlineData("599-500")]
    [InlineData("Timeout2")]
    public void Choice_OfSomethingElse_IsWrong(string text)
    {
        RetryChoice.Read(["timeout", text], out string? wrong);
        Assert.Equal(text, wrong);
    }

    [Fact]
    public void Choice_OfNothing_IsNone() => Assert.Null(RetryChoice.Read([], out _));
}
