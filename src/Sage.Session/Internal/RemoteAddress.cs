using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sage.Session;

/// <summary>The address a caller comes from.</summary>
internal static class RemoteAddress
{
    /// <summary>The text that stands for an address in rate limits: an IPv6 host has a whole /64 to itself.</summary>
    public static string RateKey(string remoteAddress)
    {
        if (!IPAddress.TryParse(remoteAddress, out IPAddress? address))
        {
            return remoteAddress;
        }

        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? BinaryPrimitives.ReadUInt64BigEndian(plain.GetAddressBytes()).ToString("x16", null)
            : plain.ToString();
    }
}
