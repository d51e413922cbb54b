using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary>Batches that are submitted with a source of tokens for the server.</summary>
public sealed class SubmitTokenTests : IAsyncLifetime
{
    LocalServer server = null!;
    GatedTarget target = null!;

    public async ValueTask InitializeAsync()
    {
        server = await LocalServer.StartAsync(new Dictionary<string, string>
        {
            ["Rollcall__Secrets__CLIENT"] = TokenServer.Secret,
            ["Rollcall__Secrets__CLIENT__Origins"] = "*",
        });
        target = await GatedTarget.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        server.Dispose();
        await target.DisposeAsync();
    }

    [Fact]
    public async Task Submit_WithOAuth2_HasTheServerTakeTheToken()
    {
        await using var tokens = new TokenServer(uses: 2).Start();
        target.Accepts = tokens.Accepts;
        using var folder = new RunFolder(items: 3);

        var result = await server.RunAsync(
            "submit", folder.Input, "--to", target.Url, "--batch-id", "b1", "--watch",
            "--oauth2", tokens.Url, "--client-id", TokenServer.ClientId, "--client-secret", "CLIENT", "--client-auth", "body");

        result.RequireExit(0);
        Assert.Equal(2, tokens.Taken);
        Assert.All(tokens.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization"), "The secret was in the header."));
    }

    [Theory]
    [InlineData("--oauth2", "http://127.0.0.1:9/t", "--client-id", "c", "--client-secret", "NOPE")]
    [InlineData("--azure-scope", "api://orders/.default")]
    public async Task Submit_WithATokenThatTheServerMayNotTake_IsRefused(params string[] options)
    {
        using var folder = new RunFolder(items: 3);
        var result = await server.RunAsync(["submit", folder.Input, "--to", target.Url, .. options]);
        result.RequireExit(2);
        Assert.Contains(options[0] == "--oauth2" ? "no secret 'NOPE'" : "no such scope", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, target.ReceivedInAll);
    }
}
