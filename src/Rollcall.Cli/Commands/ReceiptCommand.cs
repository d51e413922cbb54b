using System.CommandLine;
using Rollcall.Cli.Files;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall receipt</c>: the receipt of a batch on a server.</summary>
sealed class ReceiptCommand : Command
{
    readonly ServerOptions server = new();
    readonly OutputOption output = new(OutputTarget.StandardOutputName, "Output file.");
    readonly RunOption run = new();

    public ReceiptCommand()
        : base("receipt", "Write a batch's receipt exactly as the server returns it. It exists once every item has an outcome.")
    {
        server.AddWithIdTo(this);
        output.AddTo(this);
        run.AddTo(this);
        SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string id = server.ReadId(parsed);
        var file = output.Read(parsed);
        int? wanted = run.Read(parsed);
        using var client = server.CreateClient(parsed);
        var receipt = await client.GetReceiptAsync(id, wanted, cancellationToken);
        await OutputOption.WriteAsync(file, stream => stream.WriteAsync(receipt.Bytes, cancellationToken).AsTask(), cancellationToken);
        return ExitCode.Succeeded;
    }
}
