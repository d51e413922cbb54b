using Rollcall.Validation;

namespace Rollcall.Tests.Validation;

public sealed class InvalidInputExceptionTests
{
    [Fact]
    public void Text_OfOneError_IsItsSentence()
    {
        Assert.Equal("/id is null.", new InvalidInputException(InputError.AtField("/id", "is null.")).ToText());
        Assert.Equal("The request is not JSON.", new InvalidInputException(InputError.AtField("", "is not JSON.")).ToText());
        Assert.Equal("X-A is empty.", new InvalidInputException(InputError.AtHeader("X-A", "is empty.")).ToText());
        Assert.Equal("to is missing.", new InvalidInputException(InputError.AtParameter("to", "is missing.")).ToText());
    }

    [Fact]
    public void Text_OfSeveralErrors_HasThemAll()
    {
        var exception = new InvalidInputException("The request has 3 errors.", [InputError.AtField("/id", "is null."), InputError.AtLine(3, "is empty.")], 3);
        Assert.Equal("The request has 3 errors. /id is null. line 3 is empty. And 1 more.", exception.ToText());
    }

    [Fact]
    public void Text_OfLongErrors_IsCut()
    {
        var errors = Enumerable.Range(0, 20).Select(i => InputError.AtLine(i, new string('x', 1000))).ToList();
        string text = new InvalidInputException("Many.", errors, 25).ToText();
        Assert.InRange(text.Length, 7990, 8001);
        Assert.EndsWith("x… And 5 more.", text, StringComparison.Ordinal);
    }
}
