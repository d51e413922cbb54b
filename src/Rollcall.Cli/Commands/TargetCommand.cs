using System.CommandLine;
using System.Net.Sockets;
using Rollcall.Cli.Targets;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall target</c>: a local server for tests.</summary>
sealed class TargetCommand : Command
{
    const int DefaultPort = 5080;
    const int MaxPort = 65_535;

    public TargetCommand()
        : base(
            "target",
            "Serve a test target on 127.0.0.1. It echoes each POST; the query can ask for bytes=N (the length of the body), "
                + "chunks=N and gapMs=N (sent slowly, in pieces), status=N and delayMs=N.")
    {
        var port = new Option<int>("--port", "-p")
        {
            Description = "The port to listen on; 0 for a free one.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultPort,
            CustomParser = NumberText.From(0, MaxPort),
        };
        Options.Add(port);
        SetAction((parsed, _) => ServeAsync(parsed.GetValue(port)));
    }

    static async Task<int> ServeAsync(int port)
    {
        using var stop = new StopSignal();
        await using var server = await StartAsync(port);
        StandardOutput.WriteLine($"Listening on {server.Url}/ (Ctrl-C stops it)");
        var stopped = new TaskCompletionSource();
        await using var registration = stop.Token.Register(stopped.SetResult);
        await stopped.Task;
        return ExitCode.Succeeded;
    }

    static async Task<TargetServer> StartAsync(int port)
    {
        try
        {
            return await TargetServer.StartAsync(port);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw CliException.Usage($"Cannot listen on port {port}: {exception.Message.TrimEnd('.')}. Choose another one with --port.");
        }
    }
}
