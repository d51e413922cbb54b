using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Rollcall.EndToEnd.Tests.Functions.Hosting;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>The recipes for inputs and requests, typed as they are on their page, against <c>rollcall target</c>.</summary>
public sealed partial class RecipesTests : IAsyncLifetime
{
    const int Items = 20;
    const string Passphrase = "correct horse";

    static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "recipes.md"));

    readonly RunFolder folder = new();
    readonly TestAuthority authority = new("Recipes");
    CliProcess? target;
    MutualTlsTarget? secured;
    string url = "";

    public async ValueTask InitializeAsync()
    {
        target = CliProcess.Start("target", "--port", "0");
        url = (await target.WaitForOutputAsync("Listening on ")).Split(' ')[2].TrimEnd('/');

        secured = await MutualTlsTarget.StartAsync(authority.IssueServer(), authority);
        using var client = authority.IssueClient("client");
        await WriteAsync("client.pem", client.ExportCertificatePem());
        await WriteAsync("client.key", client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await WriteAsync("ca.pem", authority.Pem);
        await File.WriteAllBytesAsync(
            Path.Combine(folder.Path, "client.p12"),
            client.Export(X509ContentType.Pkcs12, Passphrase),
            TestContext.Current.CancellationToken);

        // What the page makes with jq, which is not on every machine.
        string[] items = [.. Enumerable.Range(1, Items).Select(n => Text($$"""{"customer":"C{{n}}","amount":{{n}}}"""))];
        await WriteAsync("items.jsonl", string.Join('\n', items) + "\n");
        await WriteAsync(
            "customers.csv",
            "\"customer\",\"amount\"\n" + string.Concat(Enumerable.Range(1, Items).Select(n => Text($"\"C{n}\",{n}\n"))));
        await WriteAsync("batch.jsonl", string.Concat(Enumerable.Range(1, Items).Select(n => Text(
            $$$"""{"custom_id":"C{{{n}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"m","input":{{{n}}}}}""") + "\n")));
        await using var gzip = new GZipStream(File.Create(Path.Combine(folder.Path, "array.json.gz")), CompressionLevel.Fastest);
        await gzip.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', items)}]"), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        target?.Dispose();
        await (secured?.DisposeAsync() ?? ValueTask.CompletedTask);
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Recipe_WithATokenOfFiveSeconds_RenewsItWhileItRuns()
    {
        await using var tokens = new TokenServer(uses: int.MaxValue, expiresIn: 5).Start();
        await TypeAsync(
            "Send with a token that ends during the run",
            line => line.Replace("http://127.0.0.1:5081/token", tokens.Url, StringComparison.Ordinal)
                .Replace("change-me", $"'{TokenServer.Secret}'", StringComparison.Ordinal),
            "token-results.jsonl");
        Assert.True(tokens.Taken >= 2, $"{tokens.Taken} tokens were taken in a run of ten seconds.");
    }

    [Theory]
    [InlineData("Send a CSV file or a JSON array", "customers-results.jsonl", "array-results.jsonl", "first-results.jsonl")]
    [InlineData("Send a PUT for each row", "put.jsonl")]
    [InlineData("Get a list of URLs", "pages.jsonl")]
    [InlineData("Send an OpenAI batch file", "completions.jsonl")]
    [InlineData("Ask a model for each row", "greetings.jsonl")]
    [InlineData("Upload a file for each row", "scans-results.jsonl")]
    [InlineData("Send to a target that requires a client certificate", "mtls.jsonl", "mtls-p12.jsonl")]
    public Task Recipe_TypedAsItIs_SucceedsForEveryItem(string title, params string[] results) => TypeAsync(title, line => line, results);

    async Task TypeAsync(string title, Func<string, string> change, params string[] results)
    {
        string recipe = Page.Split($"\n## {title}\n")[1].Split("\n## ")[0];
        var lines = Block().Matches(recipe)
            .SelectMany(block => block.Groups["text"].Value.Split('\n'))
            .Where(line => !line.StartsWith("jq ", StringComparison.Ordinal))
            .Select(line => change(line
                .Replace("http://127.0.0.1:5080", url, StringComparison.Ordinal)
                .Replace("https://127.0.0.1:8443/", secured!.Url, StringComparison.Ordinal)));
        string script = $$"""
            set -e; cd "$0"; dotnet=$1; program=$2
            export PASSPHRASE='{{Passphrase}}'
            rollcall() { "$dotnet" "$program" "$@"; }
            {{string.Join('\n', lines)}}
            """;

        using var shell = CliProcess.StartShell(script, folder.Path);
        (await shell.WaitAsync()).RequireExit(0);

        foreach (string name in results)
        {
            string[] written = await File.ReadAllLinesAsync(Path.Combine(folder.Path, name), TestContext.Current.CancellationToken);
            Assert.NotEmpty(written);
            Assert.All(written, line => Assert.Contains("\"status\":\"succeeded\"", line, StringComparison.Ordinal));
        }
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(folder.Path, name), text, TestContext.Current.CancellationToken);

    [GeneratedRegex("^```\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
