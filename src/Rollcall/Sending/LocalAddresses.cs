using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Rollcall.Sending;

/// <summary>The addresses of this machine.</summary>
static class LocalAddresses
{
    /// <summary>Whether one of IPv6 is among them that is good beyond its own link.</summary>
    public static bool HasIPv6() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Any(unicast => unicast.Address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false });
}
