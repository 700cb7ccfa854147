using System.Security.Cryptography;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Internal;

/// <summary>An X25519 key of one handshake: fresh, never exported, erased on dispose.</summary>
internal sealed class EphemeralKey : IDisposable
{
    public const int Size = 32;

    private readonly SecretBuffer secret = new(Size);
    private readonly byte[] publicKey = new byte[Size];

    public EphemeralKey()
    {
        RandomNumberGenerator.Fill(secret.Span);
        X25519Backend.DerivePublicKey(secret.Span, publicKey);
    }

    /// <summary>A given key, for test vectors: a key used twice is not ephemeral.</summary>
    public EphemeralKey(ReadOnlySpan<byte> given)
    {
        given.CopyTo(secret.Span);
        X25519Backend.DerivePublicKey(secret.Span, publicKey);
    }

    public ReadOnlySpan<byte> PublicKey => publicKey;

    /// <summary>False, with a zeroed destination, if the result is all zero. Both are 32 bytes.</summary>
    public bool TryAgree(ReadOnlySpan<byte> peer, Span<byte> sharedSecret)
    {
        bool agreed = X25519Backend.TryAgree(secret.Span, peer, sharedSecret);
        GC.KeepAlive(this);
        return agreed;
    }

    public void Dispose() => secret.Dispose();
}
