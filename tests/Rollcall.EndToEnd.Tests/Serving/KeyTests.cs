using System.Net;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Serving;

/// <summary>The keys of <c>rollcall serve</c>.</summary>
/// <param name="servers">Servers.</param>
public sealed class KeyTests(ServeFixture servers) : IDisposable
{
    readonly ServeRequest http = new();
    readonly RunFolder folder = new(items: 1);

    string KeyFile => Path.Combine(folder.Path, "keys");

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Request_WithoutAKeyOrWithAnother_Is401OnEveryRouteButHealth()
    {
        string url = (await servers.Keyed).Url;
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "batches"),
            (HttpMethod.Post, "batches"),
            (HttpMethod.Get, "batches/b"),
            (HttpMethod.Patch, "batches/b"),
            (HttpMethod.Delete, "batches/b"),
            (HttpMethod.Post, "batches/b/cancel"),
            (HttpMethod.Get, "batches/b/results"),
            (HttpMethod.Get, "openapi.json"),
            (HttpMethod.Get, "none"),
        })
        {
            (string, string)[][] wrong =
            [
                [],
                [("x-functions-key", "wrong")],
                [("Authorization", "Bearer wrong")],
                [("Authorization", $"Basic {ServeFixture.Key}")],
            ];
            foreach (var headers in wrong)
            {
                var (status, body, responded) = await http.SendAsync(method, $"{url}/api/{path}", headers: headers);
                Assert.Equal(HttpStatusCode.Unauthorized, status);
                Assert.Equal("Bearer", responded.WwwAuthenticate.Single().Scheme);
                Assert.DoesNotContain("wrong", body, StringComparison.Ordinal);
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(HttpMethod.Get, $"{url}/api/health")).Status);
    }

    [Theory]
    [InlineData("x-functions-key", ServeFixture.Key, "")]
    [InlineData("x-functions-key", ServeFixture.OtherKey, "")]
    [InlineData("Authorization", "Bearer " + ServeFixture.Key, "")]
    [InlineData("authorization", "bearer " + ServeFixture.OtherKey, "")]
    [InlineData("Accept", "*/*", "?code=" + ServeFixture.Key)]
    public async Task Request_WithAKey_Passes(string name, string value, string query)
    {
        string url = (await servers.Keyed).Url;
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(HttpMethod.Get, $"{url}/api/batches{query}", headers: (name, value))).Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await http.SendAsync(HttpMethod.Get, $"{url}/api/batches/none{query}", headers: (name, value))).Status);
    }

    [Fact]
    public async Task CommandLine_WithAKey_UsesTheServer()
    {
        var server = await servers.Keyed;

        var with = await server.RunAsync("list", "--key", ServeFixture.OtherKey);
        var without = await server.RunAsync("list");
        var wrong = await server.RunAsync("list", "--key", "wrong");

        with.RequireExit(0);
        Assert.Contains("requires a key", without.Errors, StringComparison.Ordinal);
        Assert.Contains("does not accept the key", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal((2, 2), (without.ExitCode, wrong.ExitCode));
    }

    [Fact]
    public async Task Serve_OnAnAddressOfOthersWithoutKeys_DoesNotStart()
    {
        var result = await CliProcess.RunAsync("serve", "--state", folder.State, "--host", "0.0.0.0", "--port", "0");

        result.RequireError(2, "Other machines can reach 0.0.0.0, and there is no key");
        Assert.EndsWith("Give keys with --key-file or in ROLLCALL_KEYS.", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_WithAKeyFile_TakesItsKeysAndNoComment()
    {
        await WriteKeysAsync("# of the team\n\n  a-key  \nb-key\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var server = CliProcess.Start("serve", "--state", folder.State, "--host", "0.0.0.0", "--port", "0", "--key-file", KeyFile);
        int port = new Uri((await server.WaitForOutputAsync("Listening on ")).Split(' ')[2]).Port;
        async Task<HttpStatusCode> AskAsync(string key) =>
            (await http.SendAsync(HttpMethod.Get, $"http://127.0.0.1:{port}/api/batches", headers: ("x-functions-key", key))).Status;

        Assert.Equal(HttpStatusCode.OK, await AskAsync("a-key"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("b-key"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("# of the team"));
    }

    [Theory]
    [InlineData("a-key\n", UnixFileMode.UserRead | UnixFileMode.OtherRead, "can be accessed by other users. Restrict it with chmod 600.")]
    [InlineData("# none\n\n", UnixFileMode.UserRead, "contains no key.")]
    [InlineData("two words\n", UnixFileMode.UserRead, "contains a key with a space, or with a character that is not printable ASCII.")]
    [InlineData(null, UnixFileMode.None, "cannot be read: ")]
    public async Task Serve_WithAKeyFileThatCannotBeUsed_DoesNotStart(string? content, UnixFileMode mode, string expected)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (content is not null)
        {
            await WriteKeysAsync(content, mode);
        }

        (await CliProcess.RunAsync("serve", "--state", folder.State, "--port", "0", "--key-file", KeyFile)).RequireError(
            2,
            $"The key file '{KeyFile}' {expected}");
        Assert.False(Directory.Exists(folder.State), "A state folder was made.");
    }

    async Task WriteKeysAsync(string content, UnixFileMode mode)
    {
        await File.WriteAllTextAsync(KeyFile, content, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, mode);
        }
    }
}
