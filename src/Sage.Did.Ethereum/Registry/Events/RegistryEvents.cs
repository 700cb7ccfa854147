using System.Text;
using System.Text.Unicode;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum;

/// <summary>Which logs change what a registry says of its agents, and the strict reading of them.</summary>
internal static class RegistryEvents
{
    /// <summary>The longest URI that is kept, in bytes; a longer one counts as none, so that strangers cannot fill memory.</summary>
    public const int MaxUri = 2048;

    private static readonly EthereumHash KeyAdded = Topic("KeyAdded(uint256,bytes32,uint8,uint8,bool,uint256,bytes,bytes,uint64)");
    private static readonly EthereumHash KeyRevoked = Topic("KeyRevoked(uint256,bytes32,uint64)");
    private static readonly EthereumHash EpochStarted = Topic("EpochStarted(uint256,address,uint32,uint64)");
    private static readonly EthereumHash ActiveSet = Topic("ActiveSet(uint256,bool,uint64)");
    private static readonly EthereumHash Transfer = Topic("Transfer(address,address,uint256)");
    private static readonly EthereumHash Registered = Topic("Registered(uint256,string,address)");
    private static readonly EthereumHash UriUpdated = Topic("URIUpdated(uint256,string,address)");

    /// <summary>The filter that gives these logs and no other.</summary>
    public static LogFilter Filter(EthereumDeployment deployment) => new(
        [deployment.IdentityRegistry, deployment.KeyRegistry], [[KeyAdded, KeyRevoked, EpochStarted, ActiveSet, Transfer, Registered, UriUpdated]]);

    /// <summary>Reads a log of the filter; null if it is none that the contracts write.</summary>
    public static RegistryEvent? TryRead(EthereumDeployment deployment, EthereumLog log)
    {
        if (log.Topics.Count == 0)
        {
            return null;
        }

        EthereumHash topic = log.Topics[0];
        return log.Address == deployment.KeyRegistry ? ReadKeys(topic, log)
            : log.Address == deployment.IdentityRegistry ? ReadIdentity(topic, log)
            : null;
    }

    private static RegistryEvent? ReadKeys(EthereumHash topic, EthereumLog log)
    {
        if (log.Topics.Count != (topic == ActiveSet ? 2 : 3))
        {
            return null;
        }

        UInt256 agentId = Number(log.Topics[1]);
        ReadOnlySpan<byte> data = log.Data.Span;
        return topic == KeyAdded ? ReadKeyAdded(agentId, log.Topics[2], data)
            : topic == KeyRevoked ? ReadKeyRevoked(agentId, log.Topics[2], data)
            : topic == EpochStarted ? ReadEpochStarted(agentId, log.Topics[2], data)
            : topic == ActiveSet ? ReadActiveSet(agentId, data)
            : null;
    }

    private static RegistryEvent.KeyAdded? ReadKeyAdded(UInt256 agentId, EthereumHash keyId, ReadOnlySpan<byte> data)
    {
        AbiReader reader = new(data, 7);
        byte type = (byte)reader.Number(8).ToUInt64();
        byte purposes = (byte)reader.Number(8).ToUInt64();
        bool isProven = reader.Bool();
        UInt256 index = reader.Number();
        ReadOnlySpan<byte> encoded = reader.Bytes();
        ReadOnlySpan<byte> proof = reader.Bytes();
        ulong version = reader.UInt64();
        if (!reader.TryEnd() || encoded.Length > RegisteredKey.MaxEncoded || proof.Length > RegisteredKey.MaxProof || index >= AgentProjection.MaxKeys)
        {
            return null;
        }

        RegisteredKey key = new(type, purposes, isProven, encoded.ToArray(), proof.ToArray());
        return key.KeyId == keyId ? new RegistryEvent.KeyAdded(agentId, key, (int)index.ToUInt64(), version) : null;
    }

    private static RegistryEvent.KeyRevoked? ReadKeyRevoked(UInt256 agentId, EthereumHash keyId, ReadOnlySpan<byte> data)
    {
        AbiReader reader = new(data, 1);
        ulong version = reader.UInt64();
        return reader.TryEnd() ? new RegistryEvent.KeyRevoked(agentId, keyId, version) : null;
    }

    private static RegistryEvent.EpochStarted? ReadEpochStarted(UInt256 agentId, EthereumHash ownerTopic, ReadOnlySpan<byte> data)
    {
        AbiReader reader = new(data, 2);
        uint epoch = (uint)reader.Number(32).ToUInt64();
        ulong version = reader.UInt64();
        return reader.TryEnd() && TryAddress(ownerTopic, out EthereumAddress owner) && !owner.IsZero
            ? new RegistryEvent.EpochStarted(agentId, owner, epoch, version)
            : null;
    }

    private static RegistryEvent.ActiveSet? ReadActiveSet(UInt256 agentId, ReadOnlySpan<byte> data)
    {
        AbiReader reader = new(data, 2);
        bool isActive = reader.Bool();
        ulong version = reader.UInt64();
        return reader.TryEnd() ? new RegistryEvent.ActiveSet(agentId, isActive, version) : null;
    }

    private static RegistryEvent? ReadIdentity(EthereumHash topic, EthereumLog log)
    {
        if (topic == Transfer)
        {
            return log.Topics.Count == 4 && log.Data.IsEmpty
                && TryAddress(log.Topics[1], out EthereumAddress from) && TryAddress(log.Topics[2], out EthereumAddress to)
                    ? new RegistryEvent.Transfer(Number(log.Topics[3]), from, to)
                    : null;
        }

        if ((topic != Registered && topic != UriUpdated) || log.Topics.Count != 3 || !TryAddress(log.Topics[2], out _))
        {
            return null;
        }

        // The contract takes any bytes for a text, and whoever registers must not be able to stop whoever reads.
        AbiReader reader = new(log.Data.Span, 1);
        ReadOnlySpan<byte> uri = reader.Bytes();
        return reader.TryEnd()
            ? new RegistryEvent.UriSet(Number(log.Topics[1]), uri.Length is > 0 and <= MaxUri && Utf8.IsValid(uri) ? Encoding.UTF8.GetString(uri) : null)
            : null;
    }

    private static EthereumHash Topic(string signature) => EthereumHash.FromBytes(AbiSignature.Parse(signature).Hash.Span);

    private static UInt256 Number(EthereumHash topic)
    {
        Span<byte> word = stackalloc byte[EthereumHash.Size];
        topic.CopyTo(word);
        return UInt256.FromBigEndian(word);
    }

    private static bool TryAddress(EthereumHash topic, out EthereumAddress address)
    {
        Span<byte> word = stackalloc byte[EthereumHash.Size];
        topic.CopyTo(word);
        bool isAddress = AbiWord.FitsUnsigned(word, 8 * EthereumAddress.Size);
        address = isAddress ? EthereumAddress.FromBytes(word[^EthereumAddress.Size..]) : default;
        return isAddress;
    }
}
