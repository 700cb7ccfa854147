using System.Net;
using System.Net.Sockets;

namespace Sage.Crypto.Internal;

/// <summary>Tells public addresses from the rest (IANA special-purpose address registries for IPv4 and IPv6).</summary>
internal static class AddressRules
{
    private static readonly IPNetwork[] NotPublic4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),        // "this network"; Linux connects 0.0.0.0 to itself
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),    // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),   // link-local, cloud metadata
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),     // documentation
        IPNetwork.Parse("192.88.99.0/24"),   // 6to4 relays, deprecated
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),    // benchmarking
        IPNetwork.Parse("198.51.100.0/24"),  // documentation
        IPNetwork.Parse("203.0.113.0/24"),   // documentation
        IPNetwork.Parse("224.0.0.0/4"),      // multicast
        IPNetwork.Parse("240.0.0.0/4"),      // reserved, broadcast
    ];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublic6 =
    [
        IPNetwork.Parse("2001::/23"),        // Teredo, ORCHID, benchmarking
        IPNetwork.Parse("2001:db8::/32"),    // documentation
        IPNetwork.Parse("2002::/16"),        // 6to4, reaches any IPv4 address
        IPNetwork.Parse("3fff::/20"),        // documentation
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsLoopback(IPAddress address)
    {
        IPAddress plain = Unmap(address);
        return plain.AddressFamily == AddressFamily.InterNetwork ? plain.GetAddressBytes()[0] == 127 : IPAddress.IsLoopback(plain);
    }

    public static bool IsPublic(IPAddress address)
    {
        IPAddress plain = Unmap(address);
        if (plain.AddressFamily == AddressFamily.InterNetwork)
        {
            return !NotPublic4.Any(network => network.Contains(plain));
        }

        // A scope id only exists on link-local addresses, which are outside 2000::/3 anyway.
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            && Global6.Contains(plain)
            && !NotPublic6.Any(network => network.Contains(plain));
    }

    // IPv4 inside IPv6 is judged as the IPv4 address it reaches.
    private static IPAddress Unmap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12)) : address;
    }
}
