namespace Sage.Did.Ethereum;

/// <summary>What a digest given to <see cref="IEthereumSigner"/> stands for. The two never meet: a transaction is hashed behind its type byte 0x02, typed data behind 0x1901.</summary>
public enum EthereumSigningPurpose
{
    /// <summary>The hash of an EIP-1559 transaction.</summary>
    Transaction,

    /// <summary>The hash of typed data (EIP-712).</summary>
    TypedData,
}
