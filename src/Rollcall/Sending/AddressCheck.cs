using System.Net;
using System.Net.Sockets;
using Microsoft.Security.AntiSSRF;

namespace Rollcall.Sending;

/// <summary>
/// Keeps requests away from addresses that are not for the people who may start batches: those of the host's own network, and the services
/// that a cloud has for the host itself. It is at work where the connection is made, on the address that is connected to: a name that
/// resolves to something else a moment later, or a redirect, does not get past it.
/// </summary>
public sealed class AddressCheck
{
    /// <summary>The setting that lets private addresses be sent to.</summary>
    public const string Setting = "Rollcall__PrivateTargets";

    // The services of clouds that hand out credentials and configuration to the machine: the metadata services are link-local but for EC2's
    // on IPv6 and Azure's wire server. An app has no business there whatever it may reach otherwise.
    static readonly IPNetwork[] CloudServices =
        [.. new[] { "169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "168.63.129.16/32" }.Select(text => IPNetwork.Parse(text))];

    readonly IPNetwork[] privateNetworks;

    AddressCheck(IEnumerable<string> privateNetworks) => this.privateNetworks = [.. privateNetworks.Select(text => IPNetwork.Parse(text))];

    /// <summary>A check that refuses clouds' services only.</summary>
    public static AddressCheck OfCloudServices { get; } = new([]);

    /// <summary>A check that refuses clouds' services and every address that is not public: private, loopback, link-local, reserved.</summary>
    public static AddressCheck OfPublicOnly { get; } = new(IPAddressRanges.recommendedLatest);

    /// <summary>A check that refuses other networks as well, for tests.</summary>
    internal static AddressCheck OfNetworks(params IEnumerable<string> networks) => new(networks);

    /// <summary>Says why an address is not connected to.</summary>
    /// <param name="host">The host's name or address, as the URL has it.</param>
    /// <param name="address">The address.</param>
    /// <returns>One sentence, or null where it may be connected to.</returns>
    public string? FindRefusal(string host, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return CloudServices.Any(network => network.Contains(plain))
            ? $"'{host}' is at {address}, where clouds have services for the machine itself, and no batch is sent there."
            : privateNetworks.Any(network => network.Contains(plain))
                ? $"'{host}' is at {address}, which is not a public address. The setting {Setting}=allow lets batches be sent there."
                : null;
    }

    /// <summary>Connects to a host, to those of its addresses that may be.</summary>
    /// <exception cref="TargetRefusedException">None of them may be.</exception>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);

        // Only names are looked up: the look-up throws for an address that stands for none, such as 0.0.0.0.
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = found.Where(address => FindRefusal(host, address) is null).ToArray();
        if (allowed.Length == 0 && found.Length > 0)
        {
            throw new TargetRefusedException(FindRefusal(host, found[0])!);
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
}
