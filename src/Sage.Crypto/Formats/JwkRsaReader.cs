using System.Security.Cryptography;
using System.Text.Json;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Internal;

/// <summary>Reads JWKs of the type <c>RSA</c> (RFC 7518 §6.3). Every number is in its shortest form.</summary>
internal static class JwkRsaReader
{
    // A modulus of 8192 bits.
    private const int MaxNumberSize = 1024;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi"];

    public static PublicKey? ReadPublicKey(JsonElement jwk, KeyAlgorithm? wanted)
    {
        if (Algorithm(jwk, wanted) is not { } algorithm
            || HasOtherPrimes(jwk)
            || Array.Exists(PrivateMembers, name => jwk.TryGetProperty(name, out _)))
        {
            return null;
        }

        Span<byte> room = stackalloc byte[2 * MaxNumberSize];
        if (!TryTake(jwk, "n", ref room, out ReadOnlySpan<byte> n) || !TryTake(jwk, "e", ref room, out ReadOnlySpan<byte> e))
        {
            return null;
        }

        PublicKey.TryImport(algorithm, RsaDer.WritePublicKey(n, e), out PublicKey? key);
        return key;
    }

    /// <summary>All eight numbers are required: a key without its primes signs four times slower and is not found to be sound as easily.</summary>
    public static PrivateKey? ReadPrivateKey(JsonElement jwk, KeyAlgorithm? wanted, KeyExportPolicy exportPolicy)
    {
        if (Algorithm(jwk, wanted) is not { } algorithm || HasOtherPrimes(jwk))
        {
            return null;
        }

        using SecretBuffer buffer = new(RsaBackend.MaxPrivateKeySize);
        Span<byte> room = buffer.Span;
        RsaNumbers numbers = default;
        if (!TryTake(jwk, "n", ref room, out numbers.N) || !TryTake(jwk, "e", ref room, out numbers.E)
            || !TryTake(jwk, "d", ref room, out numbers.D)
            || !TryTake(jwk, "p", ref room, out numbers.P) || !TryTake(jwk, "q", ref room, out numbers.Q)
            || !TryTake(jwk, "dp", ref room, out numbers.Dp) || !TryTake(jwk, "dq", ref room, out numbers.Dq)
            || !TryTake(jwk, "qi", ref room, out numbers.Qi))
        {
            return null;
        }

        byte[] der = RsaDer.WritePrivateKey(numbers);
        try
        {
            return KeyPair.TryImport(algorithm, der, exportPolicy, expected: []);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    // An alg that is there is never overruled: a key published for one scheme is not used in another.
    private static KeyAlgorithm? Algorithm(JsonElement jwk, KeyAlgorithm? wanted)
    {
        if (!jwk.TryGetProperty("alg", out JsonElement alg))
        {
            return wanted is { IsRsa: true } ? wanted : null;
        }

        KeyAlgorithm? named = RsaFormat.OfJwk(alg.ValueKind == JsonValueKind.String ? alg.GetString() : null);
        return wanted is null || wanted == named ? named : null;
    }

    private static bool HasOtherPrimes(JsonElement jwk) => jwk.TryGetProperty("oth", out _);

    private static bool TryTake(JsonElement jwk, string name, scoped ref Span<byte> room, out ReadOnlySpan<byte> number)
    {
        Span<byte> destination = room.Length > MaxNumberSize ? room[..MaxNumberSize] : room;
        bool isRead = JwkReader.TryReadBytes(jwk, name, destination, out int written) && written > 0 && destination[0] != 0;
        number = destination[..written];
        room = room[written..];
        return isRead;
    }
}
