using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Runs whose requests have a bearer token that does not last.</summary>
public sealed class TokenTests
{
    const int Items = 120;

    [Fact]
    public async Task Run_WithOAuth2_RenewsTheTokenWhenItIsRefusedAndKeepsItOffTheDisk()
    {
        await using var tokens = new TokenServer(uses: 50, expiresIn: 3600).Start();
        await using var target = await GatedTarget.StartAsync();
        target.Accepts = tokens.Accepts;
        using var folder = new RunFolder(Items);
        string[] options =
        [
            "--oauth2", tokens.Url, "--client-id", TokenServer.ClientId, "--client-secret-env", "CLIENT_SECRET", "--concurrency", "8",
        ];

        // It ends early, so that the state folder stays.
        target.Fails = payload => payload == RunFolder.Payload(Items - 1);
        var result = await RunAsync(folder, target, [.. options, "--max-failed", "0", "--max-attempts", "1"]);

        result.RequireExit(1);
        Assert.InRange(tokens.Taken, 2, 3);
        Assert.True(Directory.Exists(folder.State), "There is no state folder to look into.");
        foreach (string secret in tokens.Tokens.Append(TokenServer.Secret))
        {
            Assert.DoesNotContain(secret, result.Output + result.Errors, StringComparison.Ordinal);
            foreach (string path in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))
            {
                byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
                Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) < 0, $"{path} has a token or the secret.");
            }
        }

        target.Fails = _ => false;
        (await RunAsync(folder, target, options)).RequireExit(0);
        Assert.All(folder.ReadResults(Items), line => Assert.Equal(1, line.GetProperty("attempts").GetInt32()));
    }

    [Theory]
    [InlineData("printf 't%s' \"$(($(cat n 2>/dev/null) + 1))\" | tee n.new; tr -d t < n.new > n")]
    [InlineData("""n=$(($(cat n 2>/dev/null) + 1)); echo $n > n; printf '{"accessToken":"t%s","expires_in":3600}' $n""")]
    [InlineData("""n=$(($(cat n 2>/dev/null) + 1)); echo $n > n; printf '{"accessToken":"t%s","expires_in":"NaN"}' $n""")]
    [InlineData("""n=$(($(cat n 2>/dev/null) + 1)); echo $n > n; printf '{"token":"t%s","expires_on":99999999999999}' $n""")]
    public async Task Run_WithATokenCommand_AsksItAgainWhenTheTokenIsRefused(string command)
    {
        await using var target = await GatedTarget.StartAsync();
        int left = 0;
        target.Accepts = authorization => authorization switch
        {
            "Bearer t1" => Interlocked.Increment(ref left) <= Items / 2,
            "Bearer t2" => true,
            _ => false,
        };
        using var folder = new RunFolder(Items);
        using var cli = CliProcess.StartShell(
            """cd "$0"; exec "$@" """, folder.Path, [.. folder.Run(target.Url, "--token-command", command)]);
        (await cli.WaitAsync()).RequireExit(0);
        Assert.All(folder.ReadResults(Items), line => Assert.Equal(1, line.GetProperty("attempts").GetInt32()));
        Assert.Contains(target.Headers, headers => headers["Authorization"] == "Bearer t2");
    }

    [Fact]
    public async Task Run_WhoseTokenIsRefused_StopsAndTheSameCommandWithANewOneSendsTheRest()
    {
        await using var target = await GatedTarget.StartAsync();
        target.Accepts = authorization => authorization == "Bearer new";
        using var folder = new RunFolder(Items);
        var stopped = await RunAsync(folder, target, ["-H", "Authorization: Bearer old", "--concurrency", "64"]);
        RequireStopped(stopped, "The target refuses the credentials: its last 20 responses were 401 or 403, the latest one 401.");
        Assert.Contains("fix it and run the same command to resume.", stopped.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Output), "There is an output of a run that did not end.");
        Assert.InRange(target.ReceivedInAll, 20, 64 + 20);

        (await RunAsync(folder, target, ["-H", "Authorization: Bearer new", "--concurrency", "64"])).RequireExit(0);
        Assert.All(folder.ReadResults(Items), line => Assert.Equal("succeeded", line.GetProperty("status").GetString()));
        Assert.All(target.Keys, keys => Assert.Single(keys.Value.Distinct()));
    }

    [Fact]
    public async Task Run_ThatMayNotPause_RecordsEveryRefusal()
    {
        await using var target = await GatedTarget.StartAsync();
        target.Accepts = _ => false;
        using var folder = new RunFolder(Items);
        (await RunAsync(folder, target, ["--no-pause-on-refusal"])).RequireExit(1);
        Assert.All(folder.ReadResults(Items), line => Assert.Equal(401, line.GetProperty("httpStatus").GetInt32()));
    }

    [Fact]
    public async Task Run_WhoseTokenEndpointKnowsNoSuchClient_SendsNothing()
    {
        await using var tokens = new TokenServer(uses: 50).Start();
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(Items);
        var result = await RunAsync(
            folder, target, ["--oauth2", tokens.Url, "--client-id", "another", "--client-secret-env", "CLIENT_SECRET"]);
        RequireStopped(result, $"There is no token from {tokens.Url}: it responded invalid_client: no such client.");
        Assert.Equal(0, target.ReceivedInAll);
    }

    [Fact]
    public async Task Run_WithAnAzureIdentity_SendsTheTokenOfIt()
    {
        await using var identity = Target.Start(Responses.With(
            200,
            """{"access_token":"azure-token","expires_on":"4102444800","resource":"api://orders","token_type":"Bearer"}""",
            "Content-Type: application/json"));
        await using var target = await GatedTarget.StartAsync();
        target.Accepts = authorization => authorization == "Bearer azure-token";
        using var folder = new RunFolder(Items);
        using var cli = CliProcess.StartWith(
            new Dictionary<string, string> { ["IDENTITY_ENDPOINT"] = identity.Url + "msi/token", ["IDENTITY_HEADER"] = "h" },
            folder.Run(target.Url, "--azure-scope", "api://orders/.default"));
        (await cli.WaitAsync()).RequireExit(0);
        Assert.Contains(
            "resource=api://orders ", Uri.UnescapeDataString(Assert.Single(identity.Requests).RequestLine), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "--oauth2 and --azure-scope are both given: a request has one token.",
        "--oauth2",
        "http://127.0.0.1:9/t",
        "--azure-scope",
        "s")]
    [InlineData("--client-id is for --oauth2, which is not given.", "--client-id", "x")]
    [InlineData("--token-ttl is for --token-command, which is not given.", "--token-ttl", "8m")]
    [InlineData(
        "--token-ttl is '8 minutes': a time such as 480, 480s, 8m or 1h is needed.",
        "--token-command",
        "true",
        "--token-ttl",
        "8 minutes")]
    [InlineData("--client-secret-env is missing or empty, and a token needs it.", "--oauth2", "http://127.0.0.1:9/t", "--client-id", "x")]
    [InlineData(
        "--client-secret-env: the environment variable is not set or is empty.",
        "--oauth2", "http://127.0.0.1:9/t", "--client-id", "x", "--client-secret-env", "hunter2")]
    [InlineData(
        "--oauth2: 'login' is not a URL to send to",
        "--oauth2",
        "login",
        "--client-id",
        "x",
        "--client-secret-env",
        "CLIENT_SECRET")]
    [InlineData(
        "--token-command and the header 'Authorization' are both given: --token-command makes the header.",
        "--token-command", "true", "-H", "authorization: x")]
    public async Task Run_OptionsThatMakeNoToken_AreRefusedBeforeAnythingIsSent(string expected, params string[] options)
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 1);
        var result = await RunAsync(folder, target, options);
        result.RequireError(2, expected);
        Assert.DoesNotContain("hunter2", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, target.ReceivedInAll);
    }

    [Theory]
    [InlineData("no-such-command-of-anybody", "it ended with exit code 127")]
    [InlineData("printf 'two\\nlines'", "it wrote no token, which is one line of printable ASCII.")]
    [InlineData("true", "it wrote no token, which is one line of printable ASCII.")]
    [InlineData("printf '{no'", "it wrote something that begins like JSON and is not.")]
    public async Task Run_WhoseTokenCommandFails_SaysHow(string command, string expected)
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 1);
        var result = await RunAsync(folder, target, ["--token-command", command]);
        RequireStopped(result, $"There is no token from --token-command: {expected}");
        Assert.Equal(0, target.ReceivedInAll);
    }

    // Above it is the progress.
    static void RequireStopped(CliResult result, string reason)
    {
        result.RequireExit(3);
        Assert.StartsWith($"rollcall: Stopped: {reason}", result.Errors.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    static async Task<CliResult> RunAsync(RunFolder folder, GatedTarget target, string[] options)
    {
        using var cli = CliProcess.StartWith(
            new Dictionary<string, string> { ["CLIENT_SECRET"] = TokenServer.Secret },
            folder.Run(target.Url, options));
        return await cli.WaitAsync();
    }
}
