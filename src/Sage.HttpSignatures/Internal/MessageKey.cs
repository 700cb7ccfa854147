using Sage.Crypto;
using Sage.HttpSignatures.SignatureBase;

namespace Sage.HttpSignatures.Internal;

/// <summary>What a signer signs with: a signing key, wherever it lives, or a secret shared with the verifier.</summary>
internal sealed class MessageKey
{
    private readonly HmacKey? secret;

    public MessageKey(ISigner signer) => Signer = signer;

    public MessageKey(HmacKey secret) => this.secret = secret;

    /// <summary>Null for a shared secret.</summary>
    public ISigner? Signer { get; }

    /// <summary>The name of the algorithm in <c>alg</c>.</summary>
    public string AlgorithmName => Signer is { } signer ? SignatureAlgorithm.NameOf(signer.PublicKey.Algorithm)! : SignatureAlgorithm.Hmac;

    public bool IsAllowedBy(SignaturePolicy policy) => Signer is { } signer ? policy.Algorithms.Contains(signer.PublicKey.Algorithm) : policy.AllowHmac;

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> signatureBase, CancellationToken cancellationToken)
    {
        if (Signer is { } signer)
        {
            return signer.SignAsync(SigningPurpose.HttpMessage, signatureBase, cancellationToken);
        }

        byte[] mac = new byte[HmacKey.SignatureSize];
        secret!.Sign(signatureBase.Span, mac);
        return ValueTask.FromResult(mac);
    }
}
