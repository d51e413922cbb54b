using System.Text;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderResponseTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ItemBody.MaxInlineBytes - 1)]
    [InlineData(ItemBody.MaxInlineBytes)]
    public async Task Body_UpToTheInlineBound_IsInTheOutcome(int length)
    {
        var (sender, outcome) = await SendAsync(Responses.With(200, TestBytes.Text(length)));
        using (sender)
        {
            TestSender.AssertSucceeded(outcome);
            Assert.NotNull(outcome.Body?.Text);
            Assert.Null(outcome.Body.StoredName);
            await sender.AssertBodyAsync(TestBytes.Text(length), outcome);
        }
    }

    [Theory]
    [InlineData(ItemBody.MaxInlineBytes + 1)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + ItemBody.MaxInlineBytes + 1)]
    [InlineData(1_000_000)]
    public async Task Body_AboveTheInlineBound_IsInTheStore(int length)
    {
        var (sender, outcome) = await SendAsync(Responses.With(200, TestBytes.Text(length)));
        using (sender)
        {
            TestSender.AssertSucceeded(outcome);
            Assert.NotNull(outcome.Body?.StoredName);
            Assert.Null(outcome.Body.Text ?? outcome.Body.Base64);
            Assert.True(outcome.Body.StoredIsText, "A body of letters was taken for binary.");
            await sender.AssertBodyAsync(TestBytes.Text(length), outcome);
        }
    }

    [Fact]
    public async Task Body_OfTwoMegabytesInSlowPieces_IsWhole()
    {
        byte[] body = TestBytes.Random(2_000_000);
        var (sender, outcome) = await SendAsync(Responses.InPieces(body, pieces: 8, gap: TimeSpan.FromMilliseconds(10)));
        using (sender)
        {
            TestSender.AssertSucceeded(outcome);
            Assert.False(outcome.Body!.StoredIsText, "Random bytes were taken for text.");
            await sender.AssertBodyAsync(body, outcome);
        }
    }

    [Fact]
    public async Task Body_InChunks_IsWhole()
    {
        byte[] large = TestBytes.Text(100_000);
        var (sender, outcome) = await SendAsync(Responses.Chunked([.. "a"u8], large, [.. "z"u8]));
        using (sender)
        {
            TestSender.AssertSucceeded(outcome);
            await sender.AssertBodyAsync([.. "a"u8, .. large, .. "z"u8], outcome);
        }
    }

    public static TheoryData<string, byte[]> Binaries { get; } = new()
    {
        { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("héllo")] },
        { "Latin-1", Encoding.Latin1.GetBytes("{\"s\":\"é\"}") },
        { "invalid UTF-8", [.. "ok"u8, 0xC3] },
        { "a surrogate in UTF-8", [0xED, 0xA0, 0x80] },
        { "NUL", [.. "a\0b"u8] },
        { "every byte", [.. Enumerable.Range(0, 256).Select(i => (byte)i)] },
        {
            "quotes and control characters",
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\"\\\"\t\r\n\0\u001b\u007f\u0085\u2028'", 10_000)))
        },
        { "a byte order mark", [0xEF, 0xBB, 0xBF, .. "{}"u8] },
        { "much invalid UTF-8", [.. TestBytes.Text(70_000), 0xFF, .. TestBytes.Text(70_000)] },
        { "a large text that ends in half a character", [.. TestBytes.Text(70_000), 0xE2, 0x82] },
    };

    [Theory]
    [MemberData(nameof(Binaries))]
    public async Task Body_OfAnyBytes_IsExact(string kind, byte[] body)
    {
        var (sender, outcome) = await SendAsync(Responses.With(200, body, "Content-Type: text/plain; charset=utf-16"));
        using (sender)
        {
            Assert.True(outcome.Error is null, $"A body with {kind} is {outcome.Error}.");
            await sender.AssertBodyAsync(body, outcome);
        }
    }

    [Theory]
    [InlineData(204)]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(299)]
    public async Task Response_WithoutABody_Succeeds(int status)
    {
        var (sender, outcome) = await SendAsync(status == 204 ? Responses.WithoutBody(204) : Responses.With(status, ""));
        using (sender)
        {
            TestSender.AssertSucceeded(outcome);
            Assert.Equal((status, "", 0), (outcome.HttpStatus, outcome.Body?.Text, outcome.Body?.Bytes ?? -1));
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task Status_OfAnError_IsAFailureWithItsBodyKept(int status)
    {
        var (sender, outcome) = await SendAsync(Responses.With(status, """{"problem":"x"}""", "Content-Type: application/problem+json"));
        using (sender)
        {
            TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
            Assert.Equal($"The target answered {status} Status.", outcome.Error!.Message);
            Assert.Equal((status, 1, "application/problem+json"), (outcome.HttpStatus, outcome.Attempts, outcome.ContentType));
            await sender.AssertBodyAsync([.. """{"problem":"x"}"""u8], outcome);
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_OfAnyKind_IsNotFollowedAndKeepsItsBody(int status)
    {
        await using var elsewhere = Target.Start(Responses.Echo);
        await using var target = Target.Start(Responses.With(status, "moved", $"Location: {elsewhere.Url}"));
        using var sender = new TestSender { MaxAttempts = 3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Redirect, outcome);
        Assert.Contains($"'{elsewhere.Url}'", outcome.Error!.Message, StringComparison.Ordinal);
        await sender.AssertBodyAsync([.. "moved"u8], outcome);
        Assert.Empty(elsewhere.Requests);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task Responses_ThatAreInformational_ComeBeforeTheResponseAndAreNone()
    {
        var (sender, outcome) = await SendAsync(Responses.After([100, 102, 103], Responses.With(200, "whole")));
        using (sender)
        {
            TestSender.AssertSucceeded(outcome);
            Assert.Equal((200, "whole"), (outcome.HttpStatus, outcome.Body?.Text));
        }
    }

    [Fact]
    public async Task Status101_ThatNobodyAskedFor_IsAnErrorStatus()
    {
        var (sender, outcome) = await SendAsync(Responses.ThenClose(Responses.After([101], (_, _) => Task.CompletedTask)));
        using (sender)
        {
            TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
            Assert.Equal(101, outcome.HttpStatus);
        }
    }

    [Fact]
    public async Task Status304_WhichLeadsNowhere_IsAnErrorStatusAndNoRedirect()
    {
        var (sender, outcome) = await SendAsync(Responses.WithoutBody(304));
        using (sender)
        {
            TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
            Assert.Equal(304, outcome.HttpStatus);
        }
    }

    [Fact]
    public async Task ContentType_OfTheResponse_IsKeptAsItIs()
    {
        var (sender, outcome) = await SendAsync(Responses.With(200, "", "Content-Type: weird; ; x"));
        sender.Dispose();
        Assert.Equal("weird; ; x", outcome.ContentType);
    }

    [Fact]
    public async Task ContentType_ThatIsMissing_IsNull()
    {
        var (sender, outcome) = await SendAsync(Responses.With(200, ""));
        sender.Dispose();
        Assert.Null(outcome.ContentType);
    }

    [Fact]
    public async Task ContentType_ThatIsLong_IsCut()
    {
        var (sender, outcome) = await SendAsync(Responses.With(200, "", "Content-Type: " + new string('x', 5000)));
        sender.Dispose();
        Assert.Equal(256, outcome.ContentType?.Length);
    }

    static async Task<(TestSender Sender, ItemOutcome Outcome)> SendAsync(Behaviour behaviour)
    {
        await using var target = Target.Start(behaviour);
        var sender = new TestSender();
        return (sender, await sender.SendAsync(target.Url));
    }
}
