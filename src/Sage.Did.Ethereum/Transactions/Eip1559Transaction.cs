using System.Security.Cryptography;
using Sage.Did.Ethereum.Internal;
using Sage.Did.Ethereum.Rlp;

namespace Sage.Did.Ethereum.Transactions;

/// <summary>A transaction of type 2 (EIP-1559), unsigned.</summary>
internal sealed record Eip1559Transaction
{
    /// <summary>The first byte of the encoding.</summary>
    public const byte Type = 2;

    public required UInt256 ChainId { get; init; }

    public required ulong Nonce { get; init; }

    /// <summary>What the block's proposer gets at most, in wei per gas.</summary>
    public required UInt256 MaxPriorityFeePerGas { get; init; }

    /// <summary>What is paid at most, in wei per gas.</summary>
    public required UInt256 MaxFeePerGas { get; init; }

    public required ulong GasLimit { get; init; }

    /// <summary>The receiver; null creates a contract.</summary>
    public required EthereumAddress? To { get; init; }

    /// <summary>In wei.</summary>
    public UInt256 Value { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    public IReadOnlyList<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>What is hashed for signing: the type and the list of the nine fields.</summary>
    public byte[] EncodeUnsigned() => Encode(null);

    /// <summary>The digest to sign.</summary>
    public byte[] SigningHash() => Keccak.Hash(EncodeUnsigned());

    /// <summary>Signs; what does not recover to the signer's address is refused, so that nothing is broadcast for another account.</summary>
    /// <exception cref="CryptographicException">The signer gave a signature of another account or of something else.</exception>
    public async ValueTask<SignedTransaction> SignAsync(IEthereumSigner signer, CancellationToken cancellationToken = default)
    {
        byte[] digest = SigningHash();
        EthereumSignature signature = await signer.SignDigestAsync(digest, EthereumSigningPurpose.Transaction, cancellationToken).ConfigureAwait(false);
        // The signer was given the array: what counts is the transaction.
        return signature.TryRecover(SigningHash(), out EthereumAddress sender) && sender == signer.Address
            ? new SignedTransaction(this, signature, sender, Encode(signature))
            : throw new CryptographicException($"The signature does not recover to the signer's address {signer.Address}; nothing was sent.");
    }

    /// <summary>The encoding, with the signature if there is one.</summary>
    internal byte[] Encode(EthereumSignature? signature)
    {
        RlpWriter writer = new();
        writer.BeginList();
        writer.Integer(ChainId);
        writer.Integer(Nonce);
        writer.Integer(MaxPriorityFeePerGas);
        writer.Integer(MaxFeePerGas);
        writer.Integer(GasLimit);
        writer.Bytes(To is { } to ? to.ToArray() : []);
        writer.Integer(Value);
        writer.Bytes(Data.Span);
        WriteAccessList(writer);
        if (signature is not null)
        {
            writer.Integer(signature.YParity);
            writer.Integer(signature.R);
            writer.Integer(signature.S);
        }

        writer.EndList();
        return [Type, .. writer.ToArray()];
    }

    private void WriteAccessList(RlpWriter writer)
    {
        Span<byte> word = stackalloc byte[UInt256.Size];
        writer.BeginList();
        foreach (AccessListEntry entry in AccessList)
        {
            writer.BeginList();
            writer.Bytes(entry.Address.ToArray());
            writer.BeginList();
            foreach (UInt256 key in entry.StorageKeys)
            {
                key.WriteBigEndian(word);
                writer.Bytes(word);
            }

            writer.EndList();
            writer.EndList();
        }

        writer.EndList();
    }
}
