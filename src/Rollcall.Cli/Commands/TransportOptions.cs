using System.CommandLine;
using Rollcall.Cli.Running;
using Rollcall.Sending;

namespace Rollcall.Cli.Commands;

/// <summary>The options that say how connections to targets are made, with the names and the meaning that curl gives them.</summary>
sealed class TransportOptions
{
    readonly Option<string?> cert = new("--cert", "-E")
    {
        Description =
            "Your certificate for targets that ask for one: PEM, with the key in the same file or in that of --key, or PKCS#12. Only the "
            + "origin of the URL gets it, not one that a redirect leads to.",
        HelpName = "FILE",
        Validators = { PathText.RequireText },
    };

    readonly Option<string?> key = new("--key")
    {
        Description = "The private key of --cert, as PEM.",
        HelpName = "FILE",
        Validators = { PathText.RequireText },
    };

    readonly Option<string?> passphrase = new("--cert-password-env")
    {
        Description = "The environment variable with the passphrase of the key or of the PKCS#12 file.",
        HelpName = "VAR",
    };

    readonly Option<string?> cacert = new("--cacert")
    {
        Description = "The certificates of the authorities to trust, as PEM, instead of the system's.",
        HelpName = "FILE",
        Validators = { PathText.RequireText },
    };

    readonly Option<bool> insecure = new("--insecure", "-k") { Description = "Do not check the target's certificate." };

    readonly Option<string?> proxy = new("--proxy", "-x")
    {
        Description =
            "The proxy, '[scheme://][user:password@]host[:port]', instead of the environment's: http, https, socks4, socks4a, socks5 or "
            + "socks5h (default: http, port 1080).",
        HelpName = "URL",
    };

    readonly Option<string?> noproxy = new("--noproxy")
    {
        Description = "The hosts to reach without a proxy, separated by commas, instead of those of no_proxy; '*' for all.",
        HelpName = "LIST",
    };

    readonly Option<bool> http11 = new("--http1.1") { Description = "Use HTTP/1.1 only." };

    readonly Option<bool> http2 = new("--http2")
    {
        Description = "Use HTTP/2 if the target agrees to it in the TLS handshake, and HTTP/1.1 otherwise: the default.",
    };

    readonly Option<bool> priorKnowledge = new("--http2-prior-knowledge")
    {
        Description = "Use HTTP/2 without TLS too, for targets that are known to speak it.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options = [cert, key, passphrase, cacert, insecure, proxy, noproxy, http11, http2, priorKnowledge];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>How connections are made.</summary>
    /// <param name="keepsAlive">Whether connections are reused.</param>
    /// <exception cref="CliException">The options, or the files that they name, cannot be used.</exception>
    public SenderTransport Read(ParseResult parsed, bool keepsAlive)
    {
        string? authorities = parsed.GetValue(cacert);
        if (authorities is not null && parsed.GetValue(insecure))
        {
            throw CliException.Usage("--cacert and --insecure are both given: one checks the target's certificate, the other does not.");
        }

        string? proxyText = parsed.GetValue(proxy);
        string? bypassed = parsed.GetValue(noproxy);
        return new SenderTransport
        {
            Certificate = ReadCertificate(parsed),
            Authorities = authorities is null ? null : CertificateFiles.ReadAuthorities(authorities),
            ChecksTargets = !parsed.GetValue(insecure),
            Proxy = proxyText is null && bypassed is null
                ? null
                : new ProxyChoice(proxyText is null ? null : ProxyText.Parse(proxyText), bypassed),
            Protocol = ReadProtocol(parsed, keepsAlive),
        };
    }

    /// <summary>What a user should know of the connections before anything is sent.</summary>
    public IEnumerable<string> ReadNotes(ParseResult parsed, SenderTransport transport, DateTimeOffset now)
    {
        if (!transport.ChecksTargets)
        {
            yield return "The target's certificate is not checked (--insecure): whoever answers gets the requests and their secrets.";
        }

        if (transport.Certificate?.FindDateError(now) is { } error)
        {
            yield return $"--cert: the certificate in '{parsed.GetValue(cert)}' {error}; a target may refuse it.";
        }
    }

    ClientCertificate? ReadCertificate(ParseResult parsed)
    {
        string? keyFile = parsed.GetValue(key);
        string? variable = parsed.GetValue(passphrase);
        if (parsed.GetValue(cert) is { } file)
        {
            return CertificateFiles.ReadOwn(file, keyFile, variable is null ? null : ReadPassphrase(variable));
        }

        return keyFile is null && variable is null
            ? null
            : throw CliException.Usage(
                $"{(keyFile is null ? "--cert-password-env" : "--key")} belongs to a certificate: --cert is missing.");
    }

    // The message does not name the variable: the user may have put the passphrase itself in its place.
    static string ReadPassphrase(string variable) =>
        variable.Length > 0 && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? value
            : throw CliException.Usage("--cert-password-env: the environment variable is not set or is empty.");

    HttpProtocolChoice ReadProtocol(ParseResult parsed, bool keepsAlive)
    {
        var given = new Option<bool>[] { http11, http2, priorKnowledge }.Where(parsed.GetValue).Select(option => option.Name).ToList();
        if (given.Count > 1)
        {
            throw CliException.Usage($"{given[0]} and {given[1]} are both given: leave one of them out.");
        }

        if (parsed.GetValue(priorKnowledge) && !keepsAlive)
        {
            throw CliException.Usage("--http2-prior-knowledge and --no-keep-alive are both given: HTTP/2 keeps its connections.");
        }

        return parsed.GetValue(http11) ? HttpProtocolChoice.Http11
            : parsed.GetValue(priorKnowledge) ? HttpProtocolChoice.Http2PriorKnowledge
            : HttpProtocolChoice.Negotiated;
    }
}
