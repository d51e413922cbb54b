using System.CommandLine;
using System.Globalization;
using System.Net;
using Rollcall.Cli.Running;
using Rollcall.Cli.Serving;
using Rollcall.Cli.Terminal;
using Rollcall.Lifecycle;

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
        Description = "The folder that holds the batches. Started again with the same folder, the server resumes where it was.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "rollcall.state",
        Validators = { PathText.RequireText },
    };

    readonly Option<string> host = new("--host")
    {
        Description = "The address to listen on. One that other machines can reach needs keys.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    readonly Option<int> port = new("--port", "-p")
    {
        Description = "The port to listen on; 0 for a free one.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultPort,
        CustomParser = NumberText.From(0, MaxPort),
    };

    readonly Option<int> concurrency = new("--concurrency", "-c")
    {
        Description = "Maximum items in flight at once, across all batches.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultConcurrency,
        CustomParser = NumberText.From(1, MaxConcurrency),
    };

    readonly Option<string?> keyFile = new("--key-file")
    {
        Description =
            "A file of keys, one per line; # starts a comment. Each request needs one of them. Only the file's owner may have access. "
            + $"Keys can also be in {ServerKeys.Variable}, separated by commas.",
        HelpName = "FILE",
        Validators = { PathText.RequireText },
    };

    readonly Option<double?> retentionDays = new("--retention-days")
    {
        Description =
            "Delete each batch and all its data this many days after its end; fractions are allowed (default: batches are kept).",
        HelpName = "N",
        CustomParser = NumberText.OrNull(
            NumberText.Parser<double>($"a number of days above 0 and up to {RollcallOptions.MaxRetentionDays}", IsRetention)),
    };

    public ServeCommand()
        : base(
            "serve",
            "Serve the HTTP API of the Function App on this machine, with no cloud and nothing to install. Secrets for headers come from "
            + "environment variables: Rollcall__Secrets__NAME is a value, Rollcall__Secrets__NAME__Origins the origins it may be sent to. "
            + "Webhook keys are Rollcall__WebhookKeys__NAME, and PEM texts of certificates and keys for targets "
            + "Rollcall__Certificates__NAME.")
    {
        foreach (var option in new Option[] { state, host, port, keyFile, concurrency, retentionDays })
        {
            Options.Add(option);
        }

        SetAction((parsed, _) => RunAsync(ReadSettings(parsed)));
    }

    static async Task<int> RunAsync(ServeSettings settings)
    {
        using var stop = new StopSignal();
        void Note(string sentence) => StandardError.WriteLine($"rollcall: {sentence}");
        settings = settings with { Concurrency = OpenFileLimit.Cap(settings.Concurrency, Note) };
        await new LocalHost(settings).RunAsync(
            url => StandardOutput.WriteLine($"Listening on {url} (batches in '{settings.StateFolder}'; Ctrl-C stops)"),
            Note,
            stop.Token);
        return ExitCode.Succeeded;
    }

    ServeSettings ReadSettings(ParseResult parsed)
    {
        var settings = new ServeSettings(
            parsed.GetRequiredValue(state),
            ReadAddress(parsed.GetRequiredValue(host)),
            parsed.GetValue(port),
            parsed.GetValue(concurrency),
            parsed.GetValue(retentionDays),
            ServerKeys.Read(parsed.GetValue(keyFile), Environment.GetEnvironmentVariable(ServerKeys.Variable)));
        if (settings.Keys is null && !IPAddress.IsLoopback(settings.Address))
        {
            throw CliException.Usage(
                $"Other machines can reach {settings.Address}, and there is no key: anyone could start and read batches. Give keys with "
                + $"--key-file or in {ServerKeys.Variable}.");
        }

        return settings;
    }

    static IPAddress ReadAddress(string text)
    {
        if (text == "localhost")
        {
            return IPAddress.Loopback;
        }

        return IPAddress.TryParse(text, out var address)
            ? address
            : throw CliException.Usage($"--host is '{text}': an IP address is needed.");
    }

    static bool IsRetention(string text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double days) && days > 0 && days <= RollcallOptions.MaxRetentionDays;
}
