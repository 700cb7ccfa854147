using System.Diagnostics.Metrics;
using Sage.Crypto;

namespace Sage.Did;

/// <summary>
/// Resolves <c>did:key</c>, where the DID is the key (Ed25519, X25519, secp256k1, P-256 and P-384 as Multikey; RSA keys have none). A signing key signs and
/// an X25519 key agrees; no key is derived from another.
/// </summary>
/// <remarks>Does no input or output. Such a DID can be neither revoked nor rotated.</remarks>
public sealed class DidKeyResolver : IDidResolver
{
    private const string Source = "did:key";
    private const string Prefix = "did:key:";

    private readonly TimeProvider timeProvider;
    private readonly DidInstruments instruments;

    /// <summary>Makes a resolver.</summary>
    /// <param name="timeProvider">The clock that dates observations.</param>
    /// <param name="meterFactory">Makes the meter, or <see langword="null"/> for a static one.</param>
    public DidKeyResolver(TimeProvider? timeProvider = null, IMeterFactory? meterFactory = null)
    {
        this.timeProvider = timeProvider ?? TimeProvider.System;
        instruments = DidInstruments.Create(meterFactory);
    }

    /// <summary>The <c>did:key</c> of a public key.</summary>
    /// <param name="publicKey">The key, of any algorithm but the RSA ones.</param>
    /// <exception cref="ArgumentException">The key is an RSA key.</exception>
    public static AgentDid Create(PublicKey publicKey)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        return AgentDid.Parse(Prefix + Multikey.Encode(publicKey));
    }

    /// <inheritdoc/>
    public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = instruments.Start(timeProvider);
        DidResolution resolution = Resolve(did, timeProvider.GetUtcNow());
        instruments.Resolved(timeProvider, start, resolution, isHit: false);
        return ValueTask.FromResult(resolution);
    }

    private static DidResolution Resolve(AgentDid did, DateTimeOffset now)
    {
        if (!did.Value.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return new DidResolution(did, DidResolutionStatus.MethodNotSupported, Source, now);
        }

        // One key has one DID: a second spelling would be a second identity with the same key.
        string text = did.MethodSpecificId;
        if (!Multikey.TryDecode(text, out PublicKey? key) || Multikey.Encode(key) != text)
        {
            return new DidResolution(did, DidResolutionStatus.Invalid, Source, now);
        }

        VerificationMethod[] methods = [new(text, key)];
        DidDocument document = key.Algorithm.CanSign
            ? new DidDocument { Id = did, Authentication = methods, AssertionMethod = methods }
            : new DidDocument { Id = did, KeyAgreement = methods };
        return new DidResolution(did, DidResolutionStatus.Resolved, Source, now) { Document = document };
    }
}
