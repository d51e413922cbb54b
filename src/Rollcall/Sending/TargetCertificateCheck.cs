using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Rollcall.Sending;

/// <summary>Checks the certificates of targets, and says what is wrong with one.</summary>
/// <param name="authorities">Those that are trusted instead of the system's; null for the system's.</param>
sealed class TargetCertificateCheck(X509Certificate2Collection? authorities)
{
    const X509ChainStatusFlags Unknown = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    /// <summary>How chains are built; null as the system does.</summary>
    public X509ChainPolicy? CreatePolicy()
    {
        if (authorities is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Checks a certificate for a connection.</summary>
    /// <returns>True.</returns>
    /// <exception cref="TlsRefusedException">It is not trusted.</exception>
    public bool Require(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsAnchored(chain!)))
        {
            return true;
        }

        string host = (sender as SslStream)?.TargetHostName ?? "";
        throw new TlsRefusedException(
            certificate is X509Certificate2 given
                ? $"The target's certificate is not trusted: {Describe(given, chain, errors, host)}"
                : "The target has no certificate.");
    }

    // curl trusts whatever is in its file, a root or not, and .NET only roots.
    bool IsAnchored(X509Chain chain) =>
        authorities is not null
        && Flags(chain) is var flags && flags != 0 && (flags & ~Unknown) == 0
        && chain.ChainElements.Any(element => authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(
            element.Certificate.RawDataMemory.Span)));

    string Describe(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors, string host)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"it is for {NamesOf(certificate)}, not for {host}.";
        }

        var flags = chain is null ? default : Flags(chain);
        if (flags.HasFlag(X509ChainStatusFlags.NotTimeValid) && IsOutOfDate(certificate))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"it is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}.");
        }

        return (flags & Unknown) == 0
            ? $"{flags}."
            : $"its issuer, '{certificate.Issuer}', is not an authority that "
                + (authorities is null
                    ? "this machine trusts: rollcall run takes others with --cacert FILE, and a server with target.tls."
                    : "the given ones have.");
    }

    static X509ChainStatusFlags Flags(X509Chain chain) =>
        chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);

    static bool IsOutOfDate(X509Certificate2 certificate) =>
        DateTime.Now is var now && (now < certificate.NotBefore || now > certificate.NotAfter);

    static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] all = [.. names?.EnumerateDnsNames() ?? [], .. names?.EnumerateIPAddresses().Select(address => address.ToString()) ?? []];
        return all.Length == 0 ? $"'{certificate.Subject}'" : string.Join(", ", all);
    }
}

/// <summary>A TLS connection was refused, by the target or because of its certificate.</summary>
/// <param name="message">Sentences that say why, and what helps.</param>
public sealed class TlsRefusedException(string message) : Exception(message);
