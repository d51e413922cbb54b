using Rollcall.Batches;
using Rollcall.Credentials;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>Items that are sent with a bearer token.</summary>
public sealed class ItemSenderTokenTests
{
    [Theory]
    [InlineData(ClientAuth.Basic)]
    [InlineData(ClientAuth.Body)]
    public async Task Token_OfAClient_IsTakenOnceAndSentWithEachRequest(ClientAuth clientAuth)
    {
        await using var tokens = new TokenServer(uses: 100, expiresIn: 3600).Start();
        await using var target = Target.Start(tokens.Guard(Responses.Echo));
        using var sender = Sender(tokens, clientAuth);
        for (int index = 0; index < 5; index++)
        {
            TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: index));
        }

        Assert.Equal((1, 5), (tokens.Taken, target.Requests.Count));
        Assert.Contains(
            "scope=read",
            System.Text.Encoding.UTF8.GetString(Assert.Single(tokens.Requests).Body.Span),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ThatTheTargetRefuses_IsRenewedAndTheItemSentAgainInTheSameAttempt()
    {
        await using var tokens = new TokenServer(uses: 2).Start();
        await using var target = Target.Start(tokens.Guard(Responses.Echo));
        using var sender = Sender(tokens);
        for (int index = 0; index < 6; index++)
        {
            var outcome = await sender.SendAsync(target.Url, $"{{\"n\":{index}}}", index);
            TestSender.AssertSucceeded(outcome);
            Assert.Equal(1, outcome.Attempts);
            await sender.AssertBodyAsync(System.Text.Encoding.UTF8.GetBytes($"{{\"n\":{index}}}"), outcome);
        }

        Assert.Equal((3, 8), (tokens.Taken, target.Requests.Count));
        Assert.Equal(6, target.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct().Count());
    }

    [Fact]
    public async Task Item_ThatIsRefusedWithAFreshTokenToo_IsAnOutcome()
    {
        await using var tokens = new TokenServer(uses: 0).Start();
        await using var target = Target.Start(tokens.Guard(Responses.Echo));
        using var sender = Sender(tokens);
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
        Assert.Equal((401, 1), (outcome.HttpStatus, outcome.Attempts));
        Assert.Equal((2, 2), (tokens.Taken, target.Requests.Count));
        Assert.Empty(sender.Pauses);
    }

    [Fact]
    public async Task Token_AfterARedirectToAnotherOrigin_IsLeftBehindAndNotRenewedForIt()
    {
        await using var tokens = new TokenServer(uses: 100).Start();
        await using var elsewhere = Target.Start(tokens.Guard(Responses.Echo));
        await using var target = Target.Start(tokens.Guard(Responses.Redirect(307, elsewhere.Url)));
        using var sender = Sender(tokens);
        sender.FollowRedirects = true;
        Assert.Equal(401, (await sender.SendAsync(target.Url)).HttpStatus);
        Assert.False(Assert.Single(elsewhere.Requests).Headers.ContainsKey("Authorization"), "The token went to another origin.");
        Assert.Equal(1, tokens.Taken);
    }

    [Fact]
    public async Task Client_ThatTheEndpointDoesNotKnow_PausesTheBatchAndIsNoOutcome()
    {
        await using var tokens = new TokenServer(uses: 1).Start();
        await using var target = Target.Start(Responses.Echo);
        using var sender = Sender(tokens);
        sender.Secrets["CLIENT"] = "another";
        var result = await sender.TrySendAsync(target.Url, "{}"u8.ToArray());
        Assert.True(result is { IsPaused: true, RetryAfter: not null, Outcome.Attempts: 0 }, $"{result}");
        Assert.Equal(
            $"There is no token from {tokens.Url}: it responded invalid_client: no such client.",
            Assert.Single(sender.Pauses));
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Endpoint_ThatIsAway_IsWaitedForWithoutAnAttempt()
    {
        await using var target = Target.Start(Responses.Echo);
        int asked = 0;
        using var sender = new TestSender(command: _ => ++asked == 1
            ? throw new TokenException("not yet")
            : Task.FromResult(new Token("t", Life: null)));
        sender.Auth = new TargetAuth { Type = AuthType.Command };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal((1, "Bearer t"), (outcome.Attempts, Assert.Single(target.Requests).Headers["Authorization"]));
        Assert.Empty(sender.Pauses);
    }

    [Fact]
    public async Task Secret_OfAClientThatIsBoundElsewhere_TakesNoTokenForTheTarget()
    {
        await using var tokens = new TokenServer(uses: 1).Start();
        await using var target = Target.Start(Responses.Echo);
        using var sender = Sender(tokens);
        sender.BoundTo = new Uri(tokens.Url).Authority;
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.Contains("no secret 'CLIENT'", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (tokens.Taken, target.Requests.Count));
    }

    [Theory]
    [InlineData(200, """{"access_token":"a\nb"}""", "no access_token that can be sent in a header")]
    [InlineData(200, """{"token_type":"Bearer"}""", "no access_token that can be sent in a header")]
    [InlineData(200, """{"access_token":"a","token_type":"mac"}""", "of the type 'mac', and not a bearer token")]
    [InlineData(400, """{"error":"invalid_scope"}""", "it responded invalid_scope.")]
    public async Task Endpoint_WhoseResponseIsNoToken_SaysWhatItWas(int status, string body, string expected)
    {
        await using var endpoint = Target.Start(Responses.With(status, body, "Content-Type: application/json"));
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender();
        sender.Secrets["CLIENT"] = "s";
        sender.Auth = AuthOf(endpoint.Url, ClientAuth.Basic);
        var result = await sender.TrySendAsync(target.Url, "{}"u8.ToArray());
        Assert.True(result.IsPaused, $"{result}");
        Assert.Contains(expected, Assert.Single(sender.Pauses), StringComparison.Ordinal);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refusals_OfAllThatIsSent_PauseTheBatchUnlessItsOptionsSayOtherwise(bool pauses)
    {
        const int Items = 30;
        await using var target = Target.Start(Responses.With(403, "no"));
        using var sender = new TestSender { PauseOnRefusal = pauses };
        var results = new List<Rollcall.Sending.SendResult>();
        for (int index = 0; index < Items; index++)
        {
            results.Add(await sender.TrySendAsync(target.Url, "{}"u8.ToArray(), index));
        }

        Assert.Equal(pauses ? Items - 19 : 0, results.Count(result => result is { IsPaused: true, Outcome.Attempts: 0 }));
        Assert.Equal(pauses ? 19 : Items, results.Count(result => result is { IsPaused: false, Outcome.HttpStatus: 403 }));
        Assert.All(sender.Pauses, reason => Assert.Equal(
            "The target refuses the credentials: its last 20 responses were 401 or 403, the latest one 403.", reason));
    }

    static TestSender Sender(TokenServer tokens, ClientAuth clientAuth = ClientAuth.Basic)
    {
        var sender = new TestSender { Auth = AuthOf(tokens.Url, clientAuth) };
        sender.Secrets["CLIENT"] = TokenServer.Secret;
        return sender;
    }

    static TargetAuth AuthOf(string url, ClientAuth clientAuth) => new()
    {
        Type = AuthType.ClientCredentials,
        TokenUrl = url,
        ClientId = TokenServer.ClientId,
        ClientSecret = "CLIENT",
        ClientAuth = clientAuth,
        Scope = "read",
    };
}
