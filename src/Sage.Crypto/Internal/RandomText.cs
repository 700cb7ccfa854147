using System.Security.Cryptography;

namespace Sage.Crypto.Internal;

/// <summary>Identifiers that must not be guessable.</summary>
internal static class RandomText
{
    /// <summary>A version-4 UUID (RFC 9562) whose 122 bits are from the system's random number generator.</summary>
    public static string Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }
}
