using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Rollcall.Batches;
using Rollcall.Cli.Running;

namespace Rollcall.Cli.Commands;

/// <summary>The options that say where the bearer token of the requests comes from.</summary>
sealed class AuthOptions
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

    readonly Option<string?> secretVariable = new("--client-secret-env")
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
        Description =
            "Take the token from the Azure identity of this machine or of its tools (az login), for this scope, such as api://x/.default.",
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
        Option[] options = [tokenUrl, clientId, secretVariable, clientAuth, scope, azureScope, tokenCommand, tokenLife];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Where the token comes from; null if there is none.</summary>
    /// <param name="headers">The names of the headers that are given.</param>
    /// <exception cref="CliException">The options cannot be used.</exception>
    public RunAuth? Read(ParseResult parsed, IEnumerable<string> headers)
    {
        string[] sources = [
            .. new Option[] { tokenUrl, azureScope, tokenCommand }.Where(option => IsGiven(parsed, option)).Select(o => o.Name)];
        if (sources.Length > 1)
        {
            throw CliException.Usage($"{sources[0]} and {sources[1]} are both given: a request has one token.");
        }

        Require(parsed, tokenUrl, clientId, secretVariable, clientAuth, scope);
        Require(parsed, tokenCommand, tokenLife);
        if (sources.Length == 0)
        {
            return null;
        }

        if (headers.Contains("Authorization", StringComparer.OrdinalIgnoreCase))
        {
            throw CliException.Usage($"{sources[0]} and the header 'Authorization' are both given: {sources[0]} makes the header.");
        }

        return sources[0] == tokenUrl.Name ? ReadClient(parsed)
            : sources[0] == azureScope.Name
                ? new RunAuth(new TargetAuth { Type = AuthType.Azure, Scope = RequireText(azureScope.Name, parsed.GetValue(azureScope)) })
            : new RunAuth(
                new TargetAuth { Type = AuthType.Command },
                Command: new TokenCommand(
                    RequireText(tokenCommand.Name, parsed.GetValue(tokenCommand)),
                    parsed.GetValue(tokenLife),
                    TimeProvider.System).TakeAsync);
    }

    RunAuth ReadClient(ParseResult parsed)
    {
        string url = parsed.GetValue(tokenUrl)!;
        if (BatchTarget.FindUrlError(url) is { } error)
        {
            throw CliException.Usage($"--oauth2: {error}");
        }

        string variable = RequireText(secretVariable.Name, parsed.GetValue(secretVariable));

        // The message does not name the variable: the user may have put the secret itself in its place.
        string secret = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? value
            : throw CliException.Usage("--client-secret-env: the environment variable is not set or is empty.");
        return new RunAuth(
            new TargetAuth
            {
                Type = AuthType.ClientCredentials,
                TokenUrl = url,
                ClientId = RequireText(clientId.Name, parsed.GetValue(clientId)),
                ClientSecret = RunAuth.SecretName,
                ClientAuth = parsed.GetValue(clientAuth) ?? ClientAuth.Basic,
                Scope = parsed.GetValue(scope),
            },
            secret);
    }

    static string RequireText(string name, string? text) =>
        text is { Length: > 0 } ? text : throw CliException.Usage($"{name} is missing or empty, and a token needs it.");

    static void Require(ParseResult parsed, Option needed, params Option[] parts)
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
