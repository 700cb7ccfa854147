using System.Text;
using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Internal;

namespace Sage.Did.Ethereum.Eip712;

/// <summary>What a signature over typed data is bound to (EIP-712, "Definition of domainSeparator"); an absent member is left out of the type.</summary>
internal sealed record Eip712Domain
{
    public string? Name { get; init; }

    public string? Version { get; init; }

    public UInt256? ChainId { get; init; }

    public EthereumAddress? VerifyingContract { get; init; }

    /// <summary>32 bytes.</summary>
    public ReadOnlyMemory<byte>? Salt { get; init; }

    /// <summary>The hash of the domain.</summary>
    public byte[] Separator()
    {
        List<string> fields = [];
        AbiWriter values = new();
        if (Name is not null)
        {
            fields.Add("string name");
            values.FixedBytes(Keccak.Hash(Encoding.UTF8.GetBytes(Name)));
        }

        if (Version is not null)
        {
            fields.Add("string version");
            values.FixedBytes(Keccak.Hash(Encoding.UTF8.GetBytes(Version)));
        }

        if (ChainId is { } chainId)
        {
            fields.Add("uint256 chainId");
            values.Number(chainId);
        }

        if (VerifyingContract is { } contract)
        {
            fields.Add("address verifyingContract");
            values.Address(contract);
        }

        if (Salt is { } salt)
        {
            fields.Add("bytes32 salt");
            values.FixedBytes(salt.Length == AbiWord.Size ? salt.Span : throw new InvalidOperationException("The salt of a domain is 32 bytes."));
        }

        byte[] typeHash = Keccak.Hash(Encoding.ASCII.GetBytes($"EIP712Domain({string.Join(',', fields)})"));
        return Keccak.Hash([.. typeHash, .. values.ToArray()]);
    }

    /// <summary>What is signed for a struct whose hash is given: <c>0x1901 ‖ separator ‖ hash</c>, 66 bytes. Ed25519 and P-256 sign it as their message.</summary>
    public byte[] Message(ReadOnlySpan<byte> structHash) => [0x19, 0x01, .. Separator(), .. structHash];

    /// <summary>The Keccak-256 of <see cref="Message"/>, which secp256k1 signs.</summary>
    public byte[] Digest(ReadOnlySpan<byte> structHash) => Keccak.Hash(Message(structHash));
}
