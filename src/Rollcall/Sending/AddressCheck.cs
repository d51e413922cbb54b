using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rollcall.Storage;

namespace Rollcall.Sending;

/// <summary>
/// Blocks requests to addresses that people who start batches must not reach: the host's own network, and the services that a cloud
/// provides for the host itself. It checks the address that is actually connected to, so neither a name that resolves differently a moment
/// later nor a redirect gets around it.
/// </summary>
public sealed partial class AddressCheck
{
    /// <summary>The setting that lists the allowed addresses in addition to public ones.</summary>
    public const string Setting = "Rollcall__PrivateTargets";

    const string Refuse = "refuse";
    const string Allow = "allow";

    readonly IPNetwork[] opened;
    readonly ILogger logger;

    // So that a log has one line for each name, and not one for each item.
    readonly RecentEntries<string, string> told = new(StringComparer.OrdinalIgnoreCase);

    AddressCheck(IPNetwork[] opened, ILogger? logger)
    {
        this.opened = opened;
        this.logger = logger ?? NullLogger.Instance;
    }

    /// <summary>Makes the check from a setting.</summary>
    /// <param name="text">
    /// A comma-separated list of allowed networks such as <c>10.0.0.0/8</c>, allowed addresses, and <c>allow</c> for all
    /// <see cref="AddressRanges.Private"/> ones; <c>refuse</c> or nothing for public addresses only.
    /// </param>
    /// <param name="logger">Gets the refused addresses, which callers do not see.</param>
    /// <exception cref="InvalidOperationException">An entry is none of these. The message says which.</exception>
    public static AddressCheck Parse(string? text, ILogger? logger = null)
    {
        string[] entries = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new AddressCheck(entries is [] or [Refuse] ? [] : [.. entries.SelectMany(Read)], logger);
    }

    /// <summary>Whether requests may go to an address.</summary>
    /// <returns>Whether it is public or listed, is no cloud's own service, and embeds no IPv4 address that is refused.</returns>
    public bool Allows(IPAddress address)
    {
        var plain = AddressRanges.Plain(address);
        return !AddressRanges.IsCloudService(plain)
            && (AddressRanges.IsPublic(plain) || opened.Any(network => network.Contains(plain)))
            && AddressRanges.EmbeddedIn(plain).All(Allows);
    }

    /// <summary>Connects to a host, using only those of its addresses that are allowed.</summary>
    /// <exception cref="TargetRefusedException">None of them is allowed.</exception>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);

        // Only names are looked up: the lookup throws for addresses that cannot be resolved, such as 0.0.0.0.
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = found.Where(Allows).ToArray();
        if (allowed.Length == 0 && found.Length > 0)
        {
            if (told.TryReplace(host, before: null, host))
            {
                LogRefusal(host, string.Join(", ", found.AsEnumerable()));
            }

            // The message is the same for every such host, so that callers cannot use it to resolve names in the host's network.
            throw new TargetRefusedException(
                $"'{host}' is not at an address that batches may be sent to. The host's setting {Setting} lists networks that are not "
                + "public; its log has more.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static IEnumerable<IPNetwork> Read(string entry)
    {
        if (entry == Allow)
        {
            return AddressRanges.Private;
        }

        if (IPNetwork.TryParse(entry, out var network)
            && ReadAddress(entry[..entry.IndexOf('/', StringComparison.Ordinal)])?.Equals(network.BaseAddress) == true)
        {
            return [network];
        }

        if (ReadAddress(entry) is not { } address)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Setting} has '{entry}': networks such as 10.0.0.0/8 (with no bit set past the prefix) and addresses are allowed, "
                + $"'{Allow}' for all private ones, and '{Refuse}' alone."));
        }

        return [new IPNetwork(address, address.GetAddressBytes().Length * 8)];
    }

    // Short forms such as 10.1 are also valid addresses, but by a rule that nobody intends here.
    static IPAddress? ReadAddress(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text)
            ? address
            : null;

    [LoggerMessage(
        LogLevel.Warning,
        "No batch is sent to {Host}, which is at {Addresses}: not public, and not opened by Rollcall__PrivateTargets. This is logged "
        + "once for a host.")]
    partial void LogRefusal(string host, string addresses);
}

/// <summary>A connection was not made because the target's address is not allowed.</summary>
/// <param name="message">Which one, and why.</param>
public sealed class TargetRefusedException(string message) : Exception(message);
