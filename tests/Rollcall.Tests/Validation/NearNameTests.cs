using Rollcall.Validation;

namespace Rollcall.Tests.Validation;

public sealed class NearNameTests
{
    static readonly string[] Known = ["id", "url", "body", "timeoutSeconds", "maxAttempts"];

    [Theory]
    [InlineData("ID", "id")]
    [InlineData("i", "id")]
    [InlineData("ul", "url")]
    [InlineData("bdoy", "body")]
    [InlineData("timeoutSecond", "timeoutSeconds")]
    [InlineData("TIMEOUT_SECONDS", "timeoutSeconds")]
    [InlineData("timoutSecondz", "timeoutSeconds")]
    [InlineData("maxAttmepts", "maxAttempts")]
    public void Name_ThatIsNear_IsFound(string name, string near) => Assert.Equal(near, NearName.Find(name, Known));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("curl2")]
    [InlineData("boss")]
    [InlineData("timeoutMillis")]
    [InlineData("attempts")]
    public void Name_ThatIsNearToNone_IsNotFound(string name) => Assert.Null(NearName.Find(name, Known));

    [Fact]
    public void Name_ThatIsLong_IsNotCompared() => Assert.Null(NearName.Find(new string('x', 65), [new string('x', 65)]));
}
