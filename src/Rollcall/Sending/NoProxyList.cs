using System.Globalization;
using System.Net;

namespace Rollcall.Sending;

/// <summary>
/// The hosts that no proxy is used for, listed in the variable <c>no_proxy</c> as for curl: <c>*</c> for all, names including their
/// subdomains (with or without a leading full stop or <c>*.</c>), addresses, and networks such as <c>10.0.0.0/8</c>; each with or without a
/// port.
/// </summary>
sealed class NoProxyList
{
    readonly List<Func<Uri, bool>> entries = [];

    /// <summary>Reads a list.</summary>
    /// <param name="text">Entries separated by commas or spaces; null for none.</param>
    public static NoProxyList Parse(string? text)
    {
        var list = new NoProxyList();
        const StringSplitOptions Entries = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (string entry in (text ?? "").Split([',', ' ', '\t'], Entries))
        {
            list.entries.Add(Read(entry));
        }

        return list;
    }

    /// <summary>Whether a URL's host is on the list.</summary>
    public bool Has(Uri url) => entries.Exists(entry => entry(url));

    static Func<Uri, bool> Read(string entry)
    {
        if (entry == "*")
        {
            return _ => true;
        }

        if (IPNetwork.TryParse(entry, out var network))
        {
            return url => AddressOf(url) is { } address && network.Contains(address);
        }

        var (host, port) = Split(entry);
        if (IPAddress.TryParse(host.Trim('[', ']'), out var listed))
        {
            return url => IsAt(url, port) && listed.Equals(AddressOf(url));
        }

        string name = (host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host).Trim('.');
        return url => name.Length > 0 && IsAt(url, port) && IsBelow(url.IdnHost.TrimEnd('.'), name);
    }

    static (string Host, int? Port) Split(string entry)
    {
        // An IPv6 address contains colons; with a port it is in brackets.
        int colon = entry.LastIndexOf(':');
        bool hasPort = colon > 0 && (entry.IndexOf(':', StringComparison.Ordinal) == colon || entry[colon - 1] == ']');
        return hasPort && int.TryParse(entry[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            ? (entry[..colon], port)
            : (entry, null);
    }

    static bool IsAt(Uri url, int? port) => port is null || port == url.Port;

    static bool IsBelow(string host, string name) =>
        host.EndsWith(name, StringComparison.OrdinalIgnoreCase) && (host.Length == name.Length || host[^(name.Length + 1)] == '.');

    static IPAddress? AddressOf(Uri url) =>
        url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? IPAddress.Parse(url.IdnHost) : null;
}
