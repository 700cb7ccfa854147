using System.Diagnostics;
using System.Security.Cryptography;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// A secret shared by both sides for HMAC-SHA256 (RFC 2104; <c>hmac-sha256</c> of RFC 9421 §3.3.3). Whoever can check a
/// MAC can make one, so it proves nothing to a third party; that is why it is not a <see cref="KeyAlgorithm"/>.
/// </summary>
/// <remarks>
/// The secret lives in memory that the garbage collector does not move, is zeroed by <see cref="Dispose"/> and cannot be
/// exported. Safe from any thread; disposing while another thread uses the key makes that use fail or give a useless result.
/// </remarks>
[DebuggerDisplay("HMAC-SHA256 key")]
public sealed class HmacKey : IDisposable
{
    /// <summary>Length of a MAC, in bytes.</summary>
    public const int SignatureSize = HMACSHA256.HashSizeInBytes;

    private const int MinSize = 32;
    private const int MaxSize = 1024;

    private readonly SecretBuffer secret;

    private HmacKey(SecretBuffer secret) => this.secret = secret;

    /// <summary>Makes a new key of 32 bytes from the system's random number generator.</summary>
    public static HmacKey Generate()
    {
        SecretBuffer secret = new(MinSize);
        RandomNumberGenerator.Fill(secret.Span);
        return new HmacKey(secret);
    }

    /// <summary>Imports a shared secret. It should be as hard to guess as 32 random bytes: a password is not.</summary>
    /// <param name="secret">The secret, 32 to 1024 bytes; the caller zeroes it.</param>
    /// <exception cref="FormatException">The secret is shorter or longer.</exception>
    public static HmacKey Import(ReadOnlySpan<byte> secret) => secret.Length is >= MinSize and <= MaxSize
        ? new HmacKey(new SecretBuffer(secret))
        : throw new FormatException($"An HMAC key is {MinSize} to {MaxSize} bytes.");

    /// <summary>Computes the MAC of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="mac">Receives exactly <see cref="SignatureSize"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is not exactly that long.</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> mac)
    {
        if (mac.Length != SignatureSize)
        {
            throw new ArgumentException($"A MAC is exactly {SignatureSize} bytes.", nameof(mac));
        }

        HMACSHA256.HashData(secret.Span, message, mac);

        // The secret's finaliser must not run while it is read, even if this was the last use of the key.
        GC.KeepAlive(this);
    }

    /// <summary>Checks the MAC of a message in time that does not depend on where it differs.</summary>
    /// <param name="message">The message.</param>
    /// <param name="mac">The MAC; a wrong length is simply not valid.</param>
    /// <returns><see langword="true"/> if the MAC is that of the message.</returns>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[SignatureSize];
        try
        {
            Sign(message, expected);
            return CryptographicOperations.FixedTimeEquals(expected, mac);
        }
        finally
        {
            // What was expected of a forged message would be a valid MAC for it.
            CryptographicOperations.ZeroMemory(expected);
        }
    }

    /// <summary>Zeroes the secret. The key cannot be used afterwards.</summary>
    public void Dispose() => secret.Dispose();

    /// <summary>Returns what kind of key this is, nothing of the secret.</summary>
    public override string ToString() => "HMAC-SHA256 key";
}
