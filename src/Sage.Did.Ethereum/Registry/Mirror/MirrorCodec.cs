using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace Sage.Did.Ethereum;

/// <summary>The state of an agent as bytes, for a store. A state has one form; numbers are big-endian.</summary>
internal static class MirrorCodec
{
    public static byte[] Write(AgentProjection agent)
    {
        byte[] uri = Encoding.UTF8.GetBytes(agent.Uri ?? "");
        List<byte> bytes = new(64 + uri.Length + (agent.Keys.Length * 104));
        bytes.AddRange(agent.Owner.ToArray());
        bytes.AddRange(agent.EpochOwner.ToArray());
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(number, agent.Epoch);
        bytes.AddRange(number[..4]);
        BinaryPrimitives.WriteUInt64BigEndian(number, agent.Version);
        bytes.AddRange(number);
        bytes.Add(agent.IsActive ? (byte)1 : (byte)0);
        BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)uri.Length);
        bytes.AddRange(number[..2]);
        bytes.AddRange(uri);
        bytes.Add((byte)agent.Keys.Length);
        foreach (ProjectedKey key in agent.Keys)
        {
            RegisteredKey registered = key.Registered;
            bytes.AddRange([registered.Type, registered.Purposes, registered.IsProven ? (byte)1 : (byte)0]);
            bytes.Add((byte)registered.Encoded.Length);
            bytes.AddRange(registered.Encoded.Span);
            bytes.Add((byte)registered.Proof.Length);
            bytes.AddRange(registered.Proof.Span);
        }

        return [.. bytes];
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and checks the proofs again; null if it is something else.</summary>
    public static AgentProjection? TryRead(ReadOnlySpan<byte> bytes, UInt256 agentId, KeyImport import)
    {
        MirrorBytes reader = new(bytes);
        EthereumAddress owner = reader.Address();
        EthereumAddress epochOwner = reader.Address();
        uint epoch = reader.UInt32();
        ulong version = reader.UInt64();
        bool isActive = reader.Bool();
        int uriLength = reader.UInt16();
        ReadOnlySpan<byte> uri = reader.Take(uriLength);
        int count = reader.Byte();
        if (uriLength > RegistryEvents.MaxUri || !Utf8.IsValid(uri) || count > AgentProjection.MaxKeys)
        {
            return null;
        }

        ImmutableArray<RegisteredKey>.Builder keys = ImmutableArray.CreateBuilder<RegisteredKey>(count);
        for (int i = 0; i < count; i++)
        {
            (byte type, byte purposes, bool isProven) = (reader.Byte(), reader.Byte(), reader.Bool());
            ReadOnlySpan<byte> encoded = reader.Take(reader.Byte());
            ReadOnlySpan<byte> proof = reader.Take(reader.Byte());
            keys.Add(new RegisteredKey(type, purposes, isProven, encoded.ToArray(), proof.ToArray()));
        }

        if (!reader.IsAtEnd || keys.DistinctBy(key => key.KeyId).Count() != count)
        {
            return null;
        }

        return new AgentProjection
        {
            Owner = owner,
            EpochOwner = epochOwner,
            Epoch = epoch,
            Version = version,
            IsActive = isActive,
            Uri = uri.IsEmpty ? null : Encoding.UTF8.GetString(uri),
            Keys = [.. keys.Select(key => import.Project(agentId, epochOwner, key))],
        };
    }
}
