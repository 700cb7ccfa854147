using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>
/// What encrypts the states of sessions: a key and its id, both derived from an X25519 key that the agent keeps for nothing else, so
/// that no key agreement and no state is ever worth anything to the other.
/// </summary>
internal sealed class StateKey : IDisposable
{
    public const int Size = 32;
    public const int IdSize = 16;

    // Whoever uses a span of it keeps it alive: its finaliser zeroes.
    private readonly SecretBuffer bytes = new(Size + IdSize);

    private StateKey(KeyId source) => Source = source;

    /// <summary>The id of the key that it was derived from.</summary>
    public KeyId Source { get; }

    public ReadOnlySpan<byte> Key => bytes.Span[..Size];

    /// <summary>Tells which key encrypted a state; says nothing about the key.</summary>
    public ReadOnlySpan<byte> Id => bytes.Span[Size..];

    /// <summary>Derives the key of an X25519 key; the caller keeps that one.</summary>
    public static StateKey Derive(PrivateKey source)
    {
        StateKey key = new(source.PublicKey.KeyId);
        source.Derive("sage/session-store/v1"u8, key.bytes.Span);
        return key;
    }

    public void Dispose() => bytes.Dispose();

    public override string ToString() => nameof(StateKey);
}
