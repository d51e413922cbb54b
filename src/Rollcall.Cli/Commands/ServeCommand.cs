using System.CommandLine;
using System.Globalization;
using System.Net;
using Rollcall.Cli.Serving;
using Rollcall.Cli.Terminal;
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
        Description = "The address to listen on. Anyone who reaches it can start and read batches: there is no authentication.",
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

    readonly Option<double?> retentionDays = new("--retention-days")
    {
        Description = "Delete each batch, with all that is stored of it, so many days after its end; fractions are allowed. Without it batches are kept.",
        HelpName = "N",
    };

    public ServeCommand()
        : base("serve", "Serve the HTTP API of the Function App on this machine, with no cloud and nothing to install. Headers that name a secret take it from the environment variable Rollcall__Secrets__NAME.")
    {
        foreach (Option option in new Option[] { state, host, port, concurrency, retentionDays })
        {
            Options.Add(option);
        }

        SetAction((parsed, _) => RunAsync(ReadSettings(parsed)));
    }

    static async Task<int> RunAsync(ServeSettings settings)
    {
        using var stop = new StopSignal();
        if (!IPAddress.IsLoopback(settings.Address))
        {
            StandardError.WriteLine($"rollcall: {settings.Address} is not of this machine alone: anyone who reaches it can start and read batches.");
        }

        await new LocalHost(settings).RunAsync(
            url => StandardOutput.WriteLine($"Listening on {url} (batches in '{settings.StateFolder}'; Ctrl-C stops)"),
            sentence => StandardError.WriteLine($"rollcall: {sentence}"),
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
            parsed.GetValue(retentionDays));
        return settings.Port is < 0 or > MaxPort ? throw CliException.Usage($"The port is {settings.Port}: 0 to {MaxPort} is allowed.")
            : settings.Concurrency is < 1 or > MaxConcurrency ? throw CliException.Usage($"--concurrency is {settings.Concurrency}: 1 to {MaxConcurrency} is allowed.")
            : settings.RetentionDays is { } days && !(days > 0 && days <= RollcallOptions.MaxRetentionDays)
                ? throw CliException.Usage(string.Create(CultureInfo.InvariantCulture, $"--retention-days is {days}: above 0 to {RollcallOptions.MaxRetentionDays} is allowed."))
            : settings;
    }
}
