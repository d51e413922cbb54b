using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rollcall.Cli.Commands;
using Rollcall.Sending;

namespace Rollcall.Cli.Tests.Commands;

public sealed class TransportOptionsTests : IDisposable
{
    const string Passphrase = "correct horse";

    // Of this test alone, because the environment is the whole process's.
    const string Variable = "ROLLCALL_TEST_PASSPHRASE";

    static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    readonly string folder = Directory.CreateTempSubdirectory("rollcall-test-").FullName;
    readonly TransportOptions options = new();
    readonly Command command = new("run");

    public TransportOptionsTests()
    {
        options.AddTo(command);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256);
        using var own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var old = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(-1));
        string pem = key.ExportPkcs8PrivateKeyPem();
        Write("cert.pem", own.ExportCertificatePem());
        Write("both.pem", $"{own.ExportCertificatePem()}\n{pem}\n");
        Write("old.pem", $"{old.ExportCertificatePem()}\n{pem}\n");
        Write("key.pem", pem);
        Write("other.pem", other.ExportPkcs8PrivateKeyPem());
        Write("locked.pem", key.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption));
        Write("text.pem", "no certificate\n");
        Write("empty.pem", "");
        File.WriteAllBytes(Path("own.p12"), own.Export(X509ContentType.Pkcs12, Passphrase));
        Environment.SetEnvironmentVariable(Variable, Passphrase);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Run_WithoutThem_IsAsBefore() => Assert.Equal(new SenderTransport(), Read(""));

    [Theory]
    [InlineData("--cert @both.pem")]
    [InlineData("-E @cert.pem --key @key.pem")]
    [InlineData("--cert @cert.pem --key @locked.pem --cert-password-env ROLLCALL_TEST_PASSPHRASE")]
    [InlineData("--cert @own.p12 --cert-password-env ROLLCALL_TEST_PASSPHRASE")]
    public void Cert_WithItsKey_IsTaken(string line) => Assert.Null(Read(line).Certificate!.FindDateError(DateTimeOffset.UtcNow));

    [Theory]
    [InlineData("--cert: the file '@none.pem' cannot be read: No such file or directory.", "--cert @none.pem")]
    [InlineData("--cert: the file '@.' cannot be read: ", "--cert @.")]
    [InlineData("--key: the file '@none.pem' cannot be read: No such file or directory.", "--cert @cert.pem --key @none.pem")]
    [InlineData("--cacert: the file '@none.pem' cannot be read: No such file or directory.", "--cacert @none.pem")]
    [InlineData("--cert: '@cert.pem' has no private key as PEM: give it with --key.", "--cert @cert.pem")]
    [InlineData("--key: '@cert.pem' has no private key as PEM.", "--cert @cert.pem --key @cert.pem")]
    [InlineData(
        "--key: '@other.pem' has a private key that does not belong to the certificate.",
        "--cert @cert.pem --key @other.pem")]
    [InlineData(
        "--key: '@locked.pem' is encrypted, and no passphrase is given: name the environment variable that has it with "
        + "--cert-password-env.",
        "--cert @cert.pem --key @locked.pem")]
    [InlineData(
        "--key: '@locked.pem' is encrypted with another passphrase than that of --cert-password-env.",
        "--cert @cert.pem --key @locked.pem --cert-password-env PATH")]
    [InlineData("--cert: '@own.p12' is encrypted, and no passphrase is given: name", "--cert @own.p12")]
    [InlineData(
        "--cert: '@own.p12' is encrypted with another passphrase than that of --cert-password-env.",
        "--cert @own.p12 --cert-password-env PATH")]
    [InlineData(
        "--cert: '@own.p12' is PKCS#12, which has a key of its own: leave the other key out.",
        "--cert @own.p12 --key @key.pem --cert-password-env ROLLCALL_TEST_PASSPHRASE")]
    [InlineData("--cert: '@text.pem' has no certificate as PEM, and cannot be read as PKCS#12", "--cert @text.pem")]
    [InlineData("--cert: '@empty.pem' has no certificate as PEM", "--cert @empty.pem")]
    [InlineData(
        "--cert: '@own.p12' is followed by a colon. A passphrase is read from an environment variable: --cert-password-env VAR.",
        "--cert @own.p12:hunter2")]
    [InlineData(
        "--cert-password-env: the environment variable is not set or is empty.",
        "--cert @both.pem --cert-password-env hunter2")]
    [InlineData("--key belongs to a certificate: --cert is missing.", "--key @key.pem")]
    [InlineData("--cert-password-env belongs to a certificate: --cert is missing.", "--cert-password-env PATH")]
    [InlineData("--cacert: '@key.pem' has no certificate as PEM.", "--cacert @key.pem")]
    [InlineData("--cacert: '@own.p12' has no certificate as PEM.", "--cacert @own.p12")]
    [InlineData("--cacert and --insecure are both given", "--cacert @cert.pem -k")]
    [InlineData("--http1.1 and --http2 are both given", "--http2 --http1.1")]
    [InlineData("--http2-prior-knowledge and --no-keep-alive are both given", "--http2-prior-knowledge", false)]
    [InlineData("--proxy is '': ", "-x ")]
    [InlineData("--proxy is 'ftp://p.example:3128': ", "-x ftp://p.example:3128")]
    [InlineData("--proxy is 'p.example:0': ", "-x p.example:0")]
    [InlineData("--proxy is 'p.example:65536': ", "-x p.example:65536")]
    [InlineData("--proxy is 'p.example:x': ", "-x p.example:x")]
    [InlineData("--proxy is 'p.example/path': ", "-x http://user:hunter2@p.example/path")]
    [InlineData("--proxy is 'http://': ", "-x http://")]
    public void Options_ThatCannotBeUsed_AreRefusedInOneLineThatNamesThem(string expected, string line, bool keepsAlive = true)
    {
        var refused = Assert.Throws<CliException>(() => Read(line, keepsAlive));

        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.StartsWith(expected.Replace("@", folder + "/", StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Passphrase, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p.example", "http://p.example:1080/", null)]
    [InlineData("p.example:3128", "http://p.example:3128/", null)]
    [InlineData("http://p.example:80/", "http://p.example:80/", null)]
    [InlineData("HTTPS://p.example", "https://p.example/", null)]
    [InlineData("socks5h://user@127.0.0.1:9", "socks5://127.0.0.1:9/", "user|")]
    [InlineData("http://us%40er:p%3Aw@[::1]:9", "http://[::1]:9/", "us@er|p:w")]
    [InlineData("user:p@w:x@p.example:9", "http://p.example:9/", "user|p@w:x")]
    public void Proxy_InEveryFormOfCurl_IsTaken(string text, string address, string? credentials)
    {
        var proxy = ProxyText.Parse(text);

        Assert.Equal(new Uri(address), proxy.Address);
        Assert.Equal(credentials, (proxy.Credentials as NetworkCredential) is { } given ? $"{given.UserName}|{given.Password}" : null);
    }

    [Theory]
    [InlineData("--http2", HttpProtocolChoice.Negotiated)]
    [InlineData("--http1.1", HttpProtocolChoice.Http11)]
    [InlineData("--http2-prior-knowledge", HttpProtocolChoice.Http2PriorKnowledge)]
    public void Protocol_IsTheOneThatIsNamed(string line, HttpProtocolChoice expected) => Assert.Equal(expected, Read(line).Protocol);

    [Fact]
    public void Notes_SayThatNothingIsCheckedAndThatACertificateHasExpired()
    {
        Assert.Empty(Notes("--cert @both.pem"));
        Assert.Contains("(--insecure)", Assert.Single(Notes("-k")), StringComparison.Ordinal);
        string note = Assert.Single(Notes("--cert @old.pem"));
        Assert.StartsWith($"--cert: the certificate in '{Path("old.pem")}' expired on ", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cert")]
    [InlineData("--cacert")]
    [InlineData("--insecure")]
    [InlineData("--proxy")]
    [InlineData("--http1.1")]
    public void Submit_WithOneOfThem_SaysThatItIsNotAnOption(string name) => Assert.StartsWith(
        $"'{name}' is not an option of 'rollcall submit'.",
        ParseErrors.Describe(CommandTree.Create().Parse(["submit", "items.jsonl", "--to", "http://127.0.0.1:9/", name, "x"])),
        StringComparison.Ordinal);

    SenderTransport Read(string line, bool keepsAlive = true) => options.Read(Parse(line), keepsAlive);

    List<string> Notes(string line)
    {
        var parsed = Parse(line);
        return [.. options.ReadNotes(parsed, options.Read(parsed, keepsAlive: true), DateTimeOffset.UtcNow)];
    }

    ParseResult Parse(string line)
    {
        string[] words = line.Length == 0 ? [] : line.Split(' ');
        var parsed = command.Parse(
            [.. words.Select(word => word.StartsWith('@') ? Path(word[1..]) : word)],
            new ParserConfiguration { ResponseFileTokenReplacer = null });
        Assert.Empty(parsed.Errors);
        return parsed;
    }

    string Path(string name) => $"{folder}/{name}";

    void Write(string name, string text) => File.WriteAllText(Path(name), text);
}
