using System.Net;
using System.Net.Sockets;
using Microsoft.Security.AntiSSRF;

namespace Rollcall.Sending;

/// <summary>The kinds of addresses: the IANA special-purpose registries of IPv4 and IPv6 (RFC 6890), and the services of clouds.</summary>
public static class AddressRanges
{
    // RFC 4291, sections 2.5.5.1 and 2.5.5.2; RFC 6052, section 2.1; RFC 2765, section 2.1: the last four bytes are an IPv4 address.
    static readonly IPNetwork[] IPv4InTheLastBytes = Parse("::/96", "::ffff:0:0/96", "64:ff9b::/96", "::ffff:0:0:0/96");

    static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    // RFC 4291, section 2.4: all public addresses that IANA assigns are in here. The IETF protocol assignments (such as Teredo),
    // documentation and 6to4 are in here too, but are not public.
    static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    static readonly IPNetwork[] NotPublic =
        [.. Parse(IPAddressRanges.recommendedLatest), .. Parse("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")];

    // These give credentials and configuration to the machine, so an app must not reach them, whatever else it may reach. The link-local
    // ones are those of AWS, Azure with App Service, Google, Oracle, OpenStack, DigitalOcean and others. Then come Azure's wire server,
    // Alibaba, Oracle Classic, and the IPv6 ones of AWS, Google, Oracle and Scaleway. The last one is a NAT64 prefix (RFC 8215): only the
    // local network knows where the IPv4 address is in such an address.
    static readonly IPNetwork[] CloudServices = Parse(
        "169.254.0.0/16",
        "fe80::/10",
        "168.63.129.16/32",
        "100.100.100.200/32",
        "192.0.0.192/32",
        "fd00:ec2::/32",
        "fd20:ce::/32",
        "fd00:c1::/32",
        "fd00:42::42/128",
        "64:ff9b:1::/48");

    /// <summary>
    /// The private networks of organisations: RFC 1918, the shared ones of RFC 6598, and RFC 4193. Loopback is not included.
    /// </summary>
    public static IReadOnlyList<IPNetwork> Private { get; } = Parse(
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");

    /// <summary>The plain IPv4 address if it is written as IPv6, otherwise the address itself.</summary>
    internal static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Whether an address belongs to a service that a cloud provides for the machine itself.</summary>
    internal static bool IsCloudService(IPAddress address) => CloudServices.Any(network => network.Contains(address));

    /// <summary>Whether an address is public.</summary>
    internal static bool IsPublic(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
            && !NotPublic.Any(network => network.Contains(address));

    /// <summary>The IPv4 addresses that traffic to an IPv6 address can reach through the known transition mechanisms.</summary>
    internal static IEnumerable<IPAddress> EmbeddedIn(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            yield break;
        }

        byte[] bytes = address.GetAddressBytes();

        // RFC 5214, section 6.1: ISATAP, below any prefix.
        bool isIsatap = (bytes[8] & 0xfc) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
        if (isIsatap || (IPv4InTheLastBytes.Any(network => network.Contains(address)) && !address.Equals(IPAddress.IPv6Loopback)))
        {
            yield return new IPAddress(bytes.AsSpan(12));
        }

        if (SixToFour.Contains(address))
        {
            yield return new IPAddress(bytes.AsSpan(2, 4));
        }

        if (Teredo.Contains(address))
        {
            // RFC 4380, section 4: the server's address, and the client's with its bits inverted.
            yield return new IPAddress(bytes.AsSpan(4, 4));
            yield return new IPAddress([.. bytes.Skip(12).Select(part => (byte)~part)]);
        }
    }

    static IPNetwork[] Parse(params IEnumerable<string> networks) => [.. networks.Select(text => IPNetwork.Parse(text))];
}
