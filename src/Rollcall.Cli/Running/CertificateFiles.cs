using System.Security.Cryptography.X509Certificates;
using System.Text;
using Rollcall.Cli.Files;
using Rollcall.Sending;

namespace Rollcall.Cli.Running;

/// <summary>Reads the certificates that a command line names. An error names the option and the file.</summary>
static class CertificateFiles
{
    const string Certificate = "--cert";
    const string Key = "--key";
    const string Authorities = "--cacert";

    /// <summary>Reads the user's own certificate.</summary>
    /// <param name="file">PEM or PKCS#12.</param>
    /// <param name="keyFile">The key as PEM; null if it is in <paramref name="file"/>.</param>
    /// <param name="passphrase">Opens an encrypted key; null if none is given.</param>
    /// <exception cref="CliException">A file cannot be used.</exception>
    public static ClientCertificate ReadOwn(string file, string? keyFile, string? passphrase)
    {
        byte[] certificate = Read(Certificate, file);
        byte[]? key = keyFile is null ? null : Read(Key, keyFile);
        try
        {
            return ClientCertificate.Read(certificate, key, passphrase);
        }
        catch (CertificateException exception)
        {
            string advice = exception switch
            {
                { IsWithoutKey: true, IsOfKey: false } => ": give it with --key",
                { IsLocked: true } when passphrase is null => ": name the environment variable that has it with --cert-password-env",
                { IsLocked: true } => " than that of --cert-password-env",
                _ => "",
            };
            throw CliException.Usage(
                exception.IsOfKey
                    ? $"{Key}: '{keyFile}' {exception.Message}{advice}."
                    : $"{Certificate}: '{file}' {exception.Message}{advice}.");
        }
    }

    /// <summary>Reads the authorities to trust.</summary>
    /// <exception cref="CliException">The file cannot be used.</exception>
    public static X509Certificate2Collection ReadAuthorities(string file)
    {
        string text = Encoding.Latin1.GetString(Read(Authorities, file));
        try
        {
            return PemTexts.Authorities(text);
        }
        catch (CertificateException exception)
        {
            throw CliException.Usage($"{Authorities}: '{file}' {exception.Message}.");
        }
    }

    static byte[] Read(string option, string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // curl has 'FILE:passphrase' here, and the passphrase must not be shown.
            int colon = file.IndexOf(':', StringComparison.Ordinal);
            throw CliException.Usage(option == Certificate && colon > 0 && File.Exists(file[..colon])
                ? $"{option}: '{file[..colon]}' is followed by a colon. A passphrase is read from an environment variable: "
                    + "--cert-password-env VAR."
                : $"{option}: the file '{file}' cannot be read: {Failures.ReasonOf(exception)}.");
        }
    }
}
