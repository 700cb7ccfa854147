namespace Sage.Did.Ethereum;

/// <summary>
/// Signs on behalf of an account whose key may live elsewhere (KMS, HSM). Implementations must be safe from any thread.
/// What they sign is recovered and compared with <see cref="Address"/> before it leaves the process.
/// </summary>
public interface IEthereumSigner
{
    /// <summary>The account.</summary>
    EthereumAddress Address { get; }

    /// <summary>Signs a digest with the account's secp256k1 key.</summary>
    /// <param name="digest">The 32-byte Keccak-256 digest.</param>
    /// <param name="purpose">What the digest stands for; an implementation may refuse one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The digest is not 32 bytes.</exception>
    ValueTask<EthereumSignature> SignDigestAsync(ReadOnlyMemory<byte> digest, EthereumSigningPurpose purpose, CancellationToken cancellationToken = default);
}
