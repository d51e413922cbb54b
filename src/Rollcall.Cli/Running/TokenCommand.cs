using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;
using Rollcall.Credentials;

namespace Rollcall.Cli.Running;

/// <summary>
/// Takes tokens by a command of the user, which the shell runs. It writes the token alone, or JSON such as <c>az account
/// get-access-token</c> does.
/// </summary>
/// <param name="life">How long its tokens can be used; null if that is not known.</param>
sealed class TokenCommand(string command, TimeSpan? life, TimeProvider time)
{
    static readonly string[] TokenNames = ["access_token", "accessToken", "token"];

    /// <summary>Takes a token: see <see cref="TokenSource"/>.</summary>
    public async Task<Token> TakeAsync(CancellationToken cancellationToken)
    {
        string output = (await RunAsync(cancellationToken)).Trim();
        var token = output.StartsWith('{') ? ReadJson(output) : new Token(output, life);
        return token.Value.Length > 0 && BatchTarget.FindHeaderError("Authorization", token.Value) is null
            ? token
            : throw Refused("it wrote no token, which is one line of printable ASCII");
    }

    async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        string[] shell = OperatingSystem.IsWindows() ? ["cmd.exe", "/d", "/s", "/c"] : ["/bin/sh", "-c"];
        var start = new ProcessStartInfo(shell[0], [.. shell[1..], command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(cancellationToken));
            return process.ExitCode == 0 ? await output : throw Failed(process.ExitCode, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    Token ReadJson(string output)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            var root = json.RootElement;
            string? token = TokenNames.Select(name => Find(root, name)).FirstOrDefault(text => text is not null);
            return new Token(token ?? "", life ?? LifeOf(root));
        }
        catch (JsonException)
        {
            throw Refused("it wrote something that begins like JSON and is not");
        }
    }

    TimeSpan? LifeOf(JsonElement root)
    {
        double seconds = Number("expires_in") ?? Number("expires_on") - time.GetUtcNow().ToUnixTimeSeconds() ?? double.NaN;

        // False for what is no number; and a life of over 30 years is as good as none that is known.
        return Math.Abs(seconds) < 1e9 ? TimeSpan.FromSeconds(seconds) : null;

        double? Number(string name) =>
            double.TryParse(Find(root, name), CultureInfo.InvariantCulture, out double number) ? number : null;
    }

    static string? Find(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.ToString() : null;

    // Of what a command writes to standard error, the last line usually says why.
    static TokenException Failed(int exitCode, string errors)
    {
        string last = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("");
        return new TokenException(
            Sentence($"it ended with exit code {exitCode}{(last.Length > 0 ? $": {PlainText.Of(last).TrimEnd('.')}" : "")}"))
        {
            // 126 and 127: there is no such command, or it cannot be run (POSIX, section 2.8.2 of the shell).
            IsLasting = exitCode is 126 or 127,
        };
    }

    static TokenException Refused(string reason) => new(Sentence(reason)) { IsLasting = true };

    static string Sentence(string reason) => $"There is no token from --token-command: {reason}.";
}
