using System.Security.Cryptography.X509Certificates;
using Rollcall.EndToEnd.Tests.Client;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>The options for connections, with the real command line.</summary>
public sealed class TransportTests : IAsyncLifetime
{
    const string Passphrase = "correct-horse-battery";

    readonly RunFolder folder = new(items: 3);
    readonly TestAuthority authority = new("Transport");
    readonly X509Certificate2 server;
    readonly X509Certificate2 client;
    MutualTlsTarget target = null!;

    public TransportTests()
    {
        server = authority.IssueServer();
        client = authority.IssueClient("client");
        File.WriteAllText(PathOf("ca.pem"), authority.Pem);
        File.WriteAllText(PathOf("client.pem"), client.ExportCertificatePem());
        File.WriteAllText(PathOf("server.key"), server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(PathOf("client.p12"), client.Export(X509ContentType.Pkcs12, Passphrase));
    }

    public async ValueTask InitializeAsync() => target = await MutualTlsTarget.StartAsync(server, authority);

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        client.Dispose();
        server.Dispose();
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Run_WithACertificate_SucceedsAndStoresNothingOfIt()
    {
        using var cli = CliProcess.StartWith(
            new Dictionary<string, string> { ["PASSPHRASE"] = Passphrase },
            folder.Run(
                target.Url, "--cert", PathOf("client.p12"), "--cert-password-env", "PASSPHRASE", "--cacert", PathOf("ca.pem")));

        (await cli.WaitAsync()).RequireExit(0);

        Assert.Equal(3, target.Clients.Count);
        Assert.All(target.Clients, subject => Assert.Equal("CN=client", subject));
        foreach (string file in Directory.GetFiles(folder.State, "*", SearchOption.AllDirectories))
        {
            string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            string[] words = [Passphrase, "client.p12", "ca.pem", "PASSPHRASE"];
            Assert.All(words, word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Run_WithoutACertificateThatIsRequired_SaysSoInEveryItem()
    {
        var result = await CliProcess.RunAsync(folder.Run(target.Url, "-k"));

        result.RequireExit(1);
        Assert.Equal(
            "The target's certificate is not checked (--insecure): whoever answers gets the requests and their secrets.",
            result.ErrorLines[0]);
        Assert.All(folder.ReadResults(3), line =>
        {
            var error = line.GetProperty("error");
            Assert.Equal("tls", error.GetProperty("code").GetString());
            Assert.Contains("asks for a client certificate", error.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Contains("--cert FILE", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Run_WithAKeyOfAnotherCertificate_IsOneLineAndSendsNothing()
    {
        var result = await CliProcess.RunAsync(
            folder.Run(target.Url, "--cert", PathOf("client.pem"), "--key", PathOf("server.key"), "--cacert", PathOf("ca.pem")));

        result.RequireError(2, $"--key: '{PathOf("server.key")}' has a private key that does not belong to the certificate.");
        Assert.False(Directory.Exists(folder.State));
        Assert.Empty(target.Clients);
    }

    [Fact]
    public async Task Run_WithAProxy_TakesItInsteadOfThatOfTheEnvironment()
    {
        await using var given = Target.Start(Responses.Echo);
        await using var ofEnvironment = Target.Start(Responses.Echo);
        using var cli = CliProcess.StartWith(
            new Dictionary<string, string> { ["http_proxy"] = ofEnvironment.Url, ["no_proxy"] = "127.0.0.1" },
            folder.Run("http://127.0.0.1:9/", "-x", $"127.0.0.1:{given.Port}", "--noproxy", "other.example"));

        (await cli.WaitAsync()).RequireExit(0);

        Assert.Equal(3, given.Requests.Count);
        Assert.Equal(0, ofEnvironment.ConnectionCount);
    }

    [Fact]
    public async Task Serve_WithTheCertificatesOfATarget_SendsWithThem()
    {
        string origin = target.Url.TrimEnd('/');
        string key = client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        using var local = await LocalServer.StartAsync(new Dictionary<string, string>
        {
            ["Rollcall__Certificates__CLIENT"] = $"{client.ExportCertificatePem()}\n{key}",
            ["Rollcall__Certificates__CLIENT__Origins"] = origin,
            ["Rollcall__Certificates__CORP"] = authority.Pem,
            ["Rollcall__Certificates__CORP__Origins"] = origin,
        });
        using var http = new HttpClient();
        string json = $$"""
            {"id":"mtls","items":[{"body":1},{"body":2}],
             "target":{"tls":{"certificate":{"secret":"CLIENT"},"ca":{"secret":"CORP"} },"url":"{{target.Url}}"} }
            """;
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");

        using var response = await http.PostAsync(new Uri($"{local.Url}/api/batches"), content, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);

        (await local.RunAsync("watch", "mtls")).RequireExit(0);
        Assert.Equal(["CN=client", "CN=client"], target.Clients);

        await File.WriteAllTextAsync(PathOf("one.jsonl"), "{}\n", TestContext.Current.CancellationToken);
        string[] submit = ["submit", PathOf("one.jsonl"), "--to", target.Url, "--secret-cacert", "CORP"];
        (await local.RunAsync([.. submit, "--watch", "--secret-cert", "CLIENT"])).RequireExit(0);
        Assert.Equal(3, target.Clients.Count);
        (await local.RunAsync([.. submit, "--secret-cert", "NOPE"])).RequireError(2, "The server has no certificate text 'NOPE'.");
        (await local.RunAsync([.. submit, "--secret-cert-key", "CLIENT"])).RequireError(2, "--secret-cert-key is for --secret-cert");
    }

    string PathOf(string name) => Path.Combine(folder.Path, name);
}
