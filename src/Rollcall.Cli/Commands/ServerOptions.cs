using System.CommandLine;
using Rollcall.Batches;
using Rollcall.Cli.Client;

namespace Rollcall.Cli.Commands;

/// <summary>What the commands that speak to a server are told of it, and of the batch that they are about.</summary>
sealed class ServerOptions
{
    const string ServerVariable = "ROLLCALL_SERVER";
    const string KeyVariable = "ROLLCALL_KEY";

    // Their defaults are read later than their help, which would show them.
    readonly Option<string?> server = new("--server")
    {
        Description = $"The URL of the Rollcall server (default: the environment variable {ServerVariable}).",
        HelpName = "URL",
    };

    readonly Option<string?> key = new("--key")
    {
        Description = $"The server's key, where it needs one (default: the environment variable {KeyVariable}).",
        HelpName = "KEY",
    };

    readonly Argument<string> id = new("id") { Description = "The batch's id, which 'rollcall submit' printed." };

    /// <summary>Adds the options to a command about the server.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(server);
        command.Options.Add(key);
    }

    /// <summary>Adds the options to a command about one batch.</summary>
    public void AddWithIdTo(Command command)
    {
        command.Arguments.Add(id);
        AddTo(command);
    }

    /// <summary>The batch's id.</summary>
    /// <exception cref="CliException">It cannot be one.</exception>
    public string ReadId(ParseResult parsed) => RequireId(parsed.GetRequiredValue(id));

    /// <summary>Requires that a text can be an id.</summary>
    /// <exception cref="CliException">It cannot.</exception>
    public static string RequireId(string text) =>
        BatchManifest.IsValidId(text) ? text : throw CliException.Usage($"The id '{text}' is not allowed: {BatchManifest.IdNeeded}.");

    /// <summary>Makes a client of the server.</summary>
    /// <exception cref="CliException">The server or its key cannot be used.</exception>
    public ServerClient CreateClient(ParseResult parsed)
    {
        string? serverKey = Read(parsed, key, KeyVariable);
        return serverKey?.Any(c => c is < '!' or > '~') == true
            ? throw CliException.Usage("The key has a character that is not printable ASCII.")
            : new ServerClient(ReadServer(parsed), serverKey);
    }

    /// <summary>A command about a batch of the same server, for the user to give next.</summary>
    public string Suggest(ParseResult parsed, string command) =>
        $"rollcall {command}{(parsed.GetValue(server) is { } url ? $" --server {ShellWord.Of(url)}" : "")}";

    Uri ReadServer(ParseResult parsed)
    {
        string text = Read(parsed, server, ServerVariable)
            ?? throw CliException.Usage($"Name the server with --server, or in {ServerVariable}.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw CliException.Usage($"The server '{ShownUrl.Of(text)}' is not an absolute http:// or https:// URL.");
        }

        return uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0
            ? throw CliException.Usage(
                "The server's URL has a user name, a query or a fragment, which are not accepted. A key is given with --key.")
            : new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
    }

    static string? Read(ParseResult parsed, Option<string?> option, string variable)
    {
        string? text = parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(text) ? null : text;
    }
}
