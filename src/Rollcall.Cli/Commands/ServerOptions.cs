using System.CommandLine;
using Rollcall.Batches;
using Rollcall.Cli.Client;

namespace Rollcall.Cli.Commands;

/// <summary>The options of the commands that call a server: the server, its key, and the batch.</summary>
/// <param name="idDescription">What names the batch.</param>
sealed class ServerOptions(string idDescription = "The batch's id, as printed by 'rollcall submit'.")
{
    const string ServerVariable = "ROLLCALL_SERVER";
    const string KeyVariable = "ROLLCALL_KEY";

    // The environment variables are not defaults of the options, because the help would show their values.
    readonly Option<string?> server = new("--server")
    {
        Description = $"The URL of the Rollcall server (default: the environment variable {ServerVariable}).",
        HelpName = "URL",
    };

    readonly Option<string?> key = new("--key")
    {
        Description = $"The server's key, if it needs one (default: the environment variable {KeyVariable}).",
        HelpName = "KEY",
    };

    readonly Argument<string> id = new("id") { Description = idDescription };

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

    /// <summary>What names the batch.</summary>
    public string ReadName(ParseResult parsed) => parsed.GetRequiredValue(id);

    /// <summary>The options about the server.</summary>
    public IReadOnlyList<Option> OfServer => [server, key];

    /// <summary>The batch's id.</summary>
    /// <exception cref="CliException">It is not a valid id.</exception>
    public string ReadId(ParseResult parsed) => RequireId(parsed.GetRequiredValue(id));

    /// <summary>Requires that a text is a valid id.</summary>
    /// <exception cref="CliException">It is not.</exception>
    public static string RequireId(string text) =>
        BatchManifest.IsValidId(text) ? text : throw CliException.Usage($"The id '{text}' is not allowed: {BatchManifest.IdNeeded}.");

    /// <summary>Creates a client for the server.</summary>
    /// <exception cref="CliException">The server or its key cannot be used.</exception>
    public ServerClient CreateClient(ParseResult parsed)
    {
        string? serverKey = Read(parsed, key, KeyVariable);
        if (serverKey?.Any(c => c is < '!' or > '~') == true)
        {
            throw CliException.Usage("The key has a character that is not printable ASCII.");
        }

        return new ServerClient(ReadServer(parsed), serverKey);
    }

    /// <summary>The command to suggest next, about a batch on the same server.</summary>
    public string Suggest(ParseResult parsed, string command) =>
        $"rollcall {command}{(parsed.GetValue(server) is { } url ? $" --server {ShellWord.Of(url)}" : "")}";

    Uri ReadServer(ParseResult parsed)
    {
        string text = Read(parsed, server, ServerVariable)
            ?? throw CliException.Usage($"Name the server with --server or in {ServerVariable}.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw CliException.Usage($"The server '{ShownUrl.Of(text)}' is not an absolute http:// or https:// URL.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw CliException.Usage("The server's URL must not have a user name, a query or a fragment. Give a key with --key.");
        }

        return new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
    }

    static string? Read(ParseResult parsed, Option<string?> option, string variable)
    {
        string? text = parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(text) ? null : text;
    }
}
