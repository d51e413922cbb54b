using System.CommandLine;
using Rollcall.Batches;

namespace Rollcall.Cli.Commands;

/// <summary>The options that name a server's certificates for the connections to the target.</summary>
sealed class ServerTlsOptions
{
    readonly Option<string?> cert = new("--secret-cert")
    {
        Description = "The name of the server's certificate for targets that ask for one.",
        HelpName = "CERTIFICATE_NAME",
    };

    readonly Option<string?> key = new("--secret-cert-key")
    {
        Description = "The name of the private key of --secret-cert, if that has none.",
        HelpName = "CERTIFICATE_NAME",
    };

    readonly Option<string?> ca = new("--secret-cacert")
    {
        Description = "The name of the server's certificates of the authorities to trust instead of the system's.",
        HelpName = "CERTIFICATE_NAME",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new[] { cert, key, ca })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The names; null if there are none.</summary>
    /// <exception cref="CliException">The options cannot be used.</exception>
    public TargetTls? Read(ParseResult parsed)
    {
        var tls = new TargetTls(parsed.GetValue(cert), parsed.GetValue(key), parsed.GetValue(ca));
        return tls switch
        {
            { Certificate: null, Key: not null } => throw CliException.Usage("--secret-cert-key is for --secret-cert, which is not given."),
            { Certificate: null, Ca: null } => null,
            _ => tls,
        };
    }
}
