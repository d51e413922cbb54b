using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Rollcall.Cli.Commands;

/// <summary>Reads a proxy as curl does.</summary>
static partial class ProxyText
{
    const string Scheme = "^((?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?";
    const string User = "((?<user>[^/]*)@)?";
    const string Host = @"(?<host>[^\s:/@\[\]]+|\[[0-9A-Fa-f:.]+\])";
    const string Port = @"(:(?<port>[0-9]+))?/?\z";

    // Those of curl: https://curl.se/docs/manpage.html#-x.
    const string DefaultScheme = "http";
    const int DefaultPort = 1080;
    const int DefaultTlsPort = 443;

    static readonly string[] Schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

    /// <summary>Reads <c>[scheme://][user:password@]host[:port]</c>.</summary>
    /// <exception cref="CliException">It is something else. The message does not have the password.</exception>
    public static WebProxy Parse(string text)
    {
        var match = Form().Match(text);
        string scheme = match.Groups["scheme"] is { Success: true, Value: var given } ? given.ToLowerInvariant() : DefaultScheme;
        if (!match.Success
            || !Schemes.Contains(scheme)
            || Uri.CheckHostName(match.Groups["host"].Value) == UriHostNameType.Unknown
            || FindPort(match.Groups["port"], scheme) is not { } port)
        {
            string schemes = $"{string.Join(", ", Schemes[..^1])} or {Schemes[^1]}";
            throw CliException.Usage(
                $"--proxy is '{text[(text.LastIndexOf('@') + 1)..]}': '[scheme://][user:password@]host[:port]' is needed, with the scheme "
                + $"{schemes}.{(text.Length == 0 ? " To use no proxy, give --noproxy '*'." : "")}");
        }

        // .NET has proxies of SOCKS 5 resolve the names, as curl does with socks5h, which .NET does not know.
        var address = new UriBuilder(scheme == "socks5h" ? "socks5" : scheme, match.Groups["host"].Value, port).Uri;
        return new WebProxy(address) { Credentials = FindCredentials(match.Groups["user"]) };
    }

    static int? FindPort(Group port, string scheme) =>
        !port.Success ? (scheme == "https" ? DefaultTlsPort : DefaultPort)
        : int.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= ushort.MaxValue
            ? number
            : null;

    static NetworkCredential? FindCredentials(Group user)
    {
        if (!user.Success)
        {
            return null;
        }

        string[] parts = user.Value.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    [GeneratedRegex(Scheme + User + Host + Port, RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
