using System.Text.Json;
using Rollcall.Batches;

namespace Rollcall.Tests.Batches;

public sealed class BodyConditionTests
{
    [Theory]
    [InlineData("error", """{"error":"x"}""", true)]
    [InlineData("error", """{"error":0}""", true)]
    [InlineData("error", """{"error":{"code":1}}""", true)]
    [InlineData("error", """{"error":true}""", true)]
    [InlineData("error", """{"error":null}""", false)]
    [InlineData("error", """{"error":false}""", false)]
    [InlineData("error", """{"error":""}""", false)]
    [InlineData("error", """{"error":[]}""", false)]
    [InlineData("error", """{"error":{}}""", false)]
    [InlineData("error", "{}", false)]
    [InlineData("error", "[]", false)]
    [InlineData("error", "7", false)]
    [InlineData("@", "7", true)]
    [InlineData("status == 'ok'", """{"status":"ok"}""", true)]
    [InlineData("status == 'ok'", """{"status":"OK"}""", false)]
    [InlineData("at == '2026-01-31T22:00:00Z'", """{"at":"2026-01-31T22:00:00Z"}""", true)]
    [InlineData("n == `9007199254740993`", """{"n":9007199254740993}""", true)]
    [InlineData("n > `0.5`", """{"n":1e3}""", true)]
    [InlineData("items[?price > `10`]", """{"items":[{"price":9},{"price":11}]}""", true)]
    [InlineData("items[?price > `10`]", """{"items":[{"price":9}]}""", false)]
    [InlineData("\"a.b\"", """{"a.b":1}""", true)]
    [InlineData("a", """{"a":1,"a":null}""", false)]
    public void Condition_IsTrueUnlessItsValueIsNullFalseOrEmpty(string text, string json, bool expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, BodyCondition.Parse(text).IsTrue(document.RootElement));
    }

    [Theory]
    [InlineData("", "has 0 characters")]
    [InlineData("a b", "column 3, near 'b'.")]
    [InlineData("a ||", "column 4, at its end.")]
    [InlineData("a[", "column 2, at its end.")]
    [InlineData("a.'x", "column 3, near '''.")]
    [InlineData("nope(a)", "no function named nope")]
    public void Text_ThatIsNoExpression_IsRefusedWithItsColumn(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => BodyCondition.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("!", "a", "")]
    [InlineData("(", "a", ")")]
    [InlineData("[", "a", "]")]
    [InlineData("not_null(", "a", ")")]
    [InlineData("a.", "a", "")]
    [InlineData("a || ", "a", "")]
    [InlineData("@[", "0", "]")]
    public async Task Condition_ThatIsAsDeepAsOneMayBe_IsEvaluatedOrRefused(string before, string inner, string after)
    {
        int times = (BodyExpression.MaxLength - inner.Length) / (before.Length + after.Length);
        string text = string.Concat(Enumerable.Repeat(before, times)) + inner + string.Concat(Enumerable.Repeat(after, times));
        string? refused = await Task.Run(() =>
        {
            try
            {
                using var document = JsonDocument.Parse("""{"a":1}""");
                _ = BodyCondition.Parse(text).IsTrue(document.RootElement);
                return null;
            }
            catch (FormatException exception)
            {
                return exception.Message;
            }
        }, TestContext.Current.CancellationToken);
        Assert.True(refused is null || refused.Contains("column", StringComparison.Ordinal), refused);
    }

    [Fact]
    public async Task Condition_OfManyThreadsAtOnce_JudgesEachBodyByItself()
    {
        var condition = BodyCondition.Parse("items[?n == `7`].n | [0]");
        await Parallel.ForAsync(0, 2000, TestContext.Current.CancellationToken, (i, _) =>
        {
            using var document = JsonDocument.Parse($$"""{"items":[{"n":{{i % 2 * 7}}},{"n":1}]}""");
            Assert.Equal(i % 2 == 1, condition.IsTrue(document.RootElement));
            return ValueTask.CompletedTask;
        });
    }

    [Theory]
    [InlineData("200-299", 204, true)]
    [InlineData("200-299", 300, false)]
    [InlineData("200-299,404", 404, true)]
    [InlineData(" 200 , 404 - 410 ", 409, true)]
    [InlineData("404", 200, false)]
    public void Statuses_AreThoseOfTheText(string text, int status, bool expected) =>
        Assert.Equal(expected, StatusSet.Find(text)!.Contains(status));

    [Theory]
    [InlineData("")]
    [InlineData("2xx")]
    [InlineData("200,")]
    [InlineData("299-200")]
    [InlineData("100")]
    [InlineData("200-600")]
    [InlineData("200-250-299")]
    [InlineData("-200")]
    public void Statuses_OfATextThatHasNone_AreRefused(string text) => Assert.Null(StatusSet.Find(text));
}
