using System.CommandLine;
using System.Globalization;
using System.Net;
using Rollcall.Cli.Serving;
using Rollcall.Hosting;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall serve</c>: the HTTP API on this machine.</summary>
sealed class ServeCommand : Command
{
    const int DefaultPort = 7071;
    const int MaxPort = 65_535;
    const int DefaultConcurrency = 256;
    const int MaxConcurrency = 10_000;

    readonly Option<string> state = new("--state")
    {
        Description = "The folder that holds the batches. Started again on it, the server goes on where it was.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "rollcall.state",
        Validators = { PathText.RequireText },
    };

    readonly Option<string> host = new("--host")
    {
        Description = "The address to listen on. One that others can reach needs keys.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    readonly Option<int> port = new("--port", "-p")
    {
        Description = "The port to listen on; 0 for a free one.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultPort,
    };

    readonly Option<int> concurrency = new("--concurrency", "-c")
    {
        Description = "How many items are in flight at once, over all batches.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultConcurrency,
    };

    readonly Option<string?> keyFile = new("--key-file")
    {
        Description = $"A file with the keys of which a request needs one, one a line; # begins a comment. Only its owner may have access. Keys can also be in {ServerKeys.Variable}, with commas between them.",
        HelpName = "FILE",
        Validators = { PathText.RequireText },
    };

    readonly Option<double?> retentionDays = new("--retention-days")
    {
        Description = "Delete each batch, with all that is stored of it, so many days after its end; fractions are allowed. Without it batches are kept.",
        HelpName = "N",
    };

    public ServeCommand()
        : base("serve", "Serve the HTTP API of the Function App on this machine, with no cloud and nothing to install. Headers that name a secret take it from the environment variable Rollcall__Secrets__NAME.")
    {
        foreach (Option option in new Option[] { state, host, port, keyFile, concurrency, retentionDays })
        {
            Options.Add(option);
        }

        SetAction((parsed, _) => RunAsync(ReadSettings(parsed)));
    }

    static async Task<int> RunAsync(ServeSettings settings)
    {
        using var stop = new StopSignal();
        await new LocalHost(settings).RunAsync(
            url => Console.Out.WriteLine($"Listening on {url} (batches in '{settings.StateFolder}'; Ctrl-C stops)"),
            sentence => Console.Error.WriteLine($"rollcall: {sentence}"),
            stop.Token);
        return ExitCode.Succeeded;
    }

    ServeSettings ReadSettings(ParseResult parsed)
    {
        string address = parsed.GetRequiredValue(host);
        var settings = new ServeSettings(
            parsed.GetRequiredValue(state),
            address == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address, out var ip) ? ip : throw CliException.Usage($"--host is '{address}': an IP address is needed."),
            parsed.GetValue(port),
            parsed.GetValue(concurrency),
            parsed.GetValue(retentionDays),
            ServerKeys.Read(parsed.GetValue(keyFile), Environment.GetEnvironmentVariable(ServerKeys.Variable)));
        return settings.Keys is null && !IPAddress.IsLoopback(settings.Address)
                ? throw CliException.Usage($"{settings.Address} is not of this machine alone, and there is no key: anyone who reaches it could start and read batches. Give keys with --key-file, or in {ServerKeys.Variable}.")
            : settings.Port is < 0 or > MaxPort ? throw CliException.Usage($"The port is {settings.Port}: 0 to {MaxPort} is allowed.")
            : settings.Concurrency is < 1 or > MaxConcurrency ? throw CliException.Usage($"--concurrency is {settings.Concurrency}: 1 to {MaxConcurrency} is allowed.")
            : settings.RetentionDays is { } days && !(days > 0 && days <= RollcallOptions.MaxRetentionDays)
                ? throw CliException.Usage(string.Create(CultureInfo.InvariantCulture, $"--retention-days is {days}: above 0 to {RollcallOptions.MaxRetentionDays} is allowed."))
            : settings;
    }
}
