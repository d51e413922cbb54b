using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Rollcall.Batches;
using Rollcall.Cli.Running;

namespace Rollcall.Cli.Commands;

/// <summary>The options that say where the bearer token of the requests comes from.</summary>
/// <param name="isForServer">Whether a server takes the token: it has the secret, and runs no command.</param>
sealed class AuthOptions(bool isForServer)
{
    const string LifeNeeded = "a time such as 480, 480s, 8m or 1h";

    readonly Option<string?> tokenUrl = new("--oauth2")
    {
        Description =
            "The token endpoint of OAuth 2 client credentials. Each request has the token as 'Authorization: Bearer …'. It is renewed "
            + "before it ends, and once when the target responds 401.",
        HelpName = "TOKEN_URL",
    };

    readonly Option<string?> clientId = new("--client-id") { Description = "The client's id, with --oauth2.", HelpName = "ID" };

    readonly Option<string?> secretName = isForServer
        ? new("--client-secret")
        {
            Description = "The name of the server's secret that is the client's secret, with --oauth2.",
            HelpName = "SECRET_NAME",
        }
        : new("--client-secret-env")
        {
            Description = "The environment variable that holds the client's secret, with --oauth2.",
            HelpName = "VAR",
        };

    readonly Option<ClientAuth?> clientAuth = KebabCaseOption.CreateOne<ClientAuth>(
        "--client-auth",
        "basic: the client's id and secret go into a header. body: they go into the body of the request for a token (default: basic).");

    readonly Option<string?> scope = new("--scope") { Description = "What the token is for, with --oauth2.", HelpName = "SCOPE" };

    readonly Option<string?> azureScope = new("--azure-scope")
    {
        Description = isForServer
            ? "Take the token from the server's Azure identity, for this scope, such as api://x/.default."
            : "Take the token from the Azure identity of this machine or of its tools (az login), for this scope, such as "
                + "api://x/.default.",
        HelpName = "SCOPE",
    };

    readonly Option<string?> tokenCommand = new("--token-command")
    {
        Description =
            "Take the token from the output of a command, which the shell runs: the token alone, or JSON with access_token or "
            + "accessToken.",
        HelpName = "COMMAND",
    };

    readonly Option<TimeSpan?> tokenLife = new("--token-ttl")
    {
        Description =
            "How long a token of --token-command can be used: 480, 480s, 8m, 1h (default: what its JSON says, or until a 401).",
        HelpName = "TIME",
        CustomParser = ParseLife,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options = [tokenUrl, clientId, secretName, clientAuth, scope, azureScope];
        Option[] commands = isForServer ? [] : [tokenCommand, tokenLife];
        foreach (var option in options.Concat(commands))
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Where a server takes the token from; null if there is none.</summary>
    /// <param name="headers">The names of the headers that are given.</param>
    /// <exception cref="CliException">The options cannot be used.</exception>
    public TargetAuth? ReadForServer(ParseResult parsed, IEnumerable<string> headers) =>
        FindSource(parsed, headers) is { } source ? ReadTarget(parsed, source) : null;

    /// <summary>Where this process takes the token from; null if there is none.</summary>
    /// <param name="headers">The names of the headers that are given.</param>
    /// <exception cref="CliException">The options cannot be used.</exception>
    public RunAuth? Read(ParseResult parsed, IEnumerable<string> headers) => FindSource(parsed, headers) switch
    {
        null => null,
        { } source when source == tokenUrl => new RunAuth(
            ReadTarget(parsed, source) with { ClientSecret = RunAuth.SecretName }, ReadSecret(parsed)),
        { } source when source == tokenCommand => new RunAuth(
            new TargetAuth { Type = AuthType.Command },
            Command: new TokenCommand(Require(parsed, tokenCommand), parsed.GetValue(tokenLife), TimeProvider.System).TakeAsync),
        { } source => new RunAuth(ReadTarget(parsed, source)),
    };

    Option? FindSource(ParseResult parsed, IEnumerable<string> headers)
    {
        Option[] sources = [.. new Option[] { tokenUrl, azureScope, tokenCommand }.Where(option => IsGiven(parsed, option))];
        if (sources.Length > 1)
        {
            throw CliException.Usage($"{sources[0].Name} and {sources[1].Name} are both given: a request has one token.");
        }

        RequireFor(parsed, tokenUrl, clientId, secretName, clientAuth, scope);
        RequireFor(parsed, tokenCommand, tokenLife);
        return sources is [{ } source] && headers.Contains("Authorization", StringComparer.OrdinalIgnoreCase)
            ? throw CliException.Usage($"{source.Name} and the header 'Authorization' are both given: {source.Name} makes the header.")
            : sources.SingleOrDefault();
    }

    TargetAuth ReadTarget(ParseResult parsed, Option source)
    {
        if (source == azureScope)
        {
            return new TargetAuth { Type = AuthType.Azure, Scope = Require(parsed, azureScope) };
        }

        string url = Require(parsed, tokenUrl);
        return BatchTarget.FindUrlError(url) is { } error
            ? throw CliException.Usage($"--oauth2: {error}")
            : new TargetAuth
            {
                Type = AuthType.ClientCredentials,
                TokenUrl = url,
                ClientId = Require(parsed, clientId),
                ClientSecret = Require(parsed, secretName),
                ClientAuth = parsed.GetValue(clientAuth) ?? ClientAuth.Basic,
                Scope = parsed.GetValue(scope),
            };
    }

    // The message does not name the variable: the user may have put the secret itself in its place.
    string ReadSecret(ParseResult parsed) =>
        Environment.GetEnvironmentVariable(Require(parsed, secretName)) is { Length: > 0 } value
            ? value
            : throw CliException.Usage("--client-secret-env: the environment variable is not set or is empty.");

    static string Require(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { Length: > 0 } text
            ? text
            : throw CliException.Usage($"{option.Name} is missing or empty, and a token needs it.");

    static void RequireFor(ParseResult parsed, Option needed, params Option[] parts)
    {
        if (!IsGiven(parsed, needed) && parts.FirstOrDefault(part => IsGiven(parsed, part)) is { } part)
        {
            throw CliException.Usage($"{part.Name} is for {needed.Name}, which is not given.");
        }
    }

    static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    static TimeSpan? ParseLife(ArgumentResult result)
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
        int unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        string number = unit == 0 ? text : text[..^1];
        if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 10_000_000)
        {
            return TimeSpan.FromSeconds((long)count * Math.Max(unit, 1));
        }

        NumberText.Refuse(result, text, LifeNeeded);
        return null;
    }
}
