using System.Buffers.Binary;
using Sage.Crypto.Internal;

namespace Sage.Did.Ethereum;

/// <summary>How far a stored mirror has read, of what, and a sum over all its entries.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Identity">The identity registry.</param>
/// <param name="Keys">The key registry.</param>
/// <param name="Confirmations">What counted as settled; 0 for the finalized block.</param>
/// <param name="Cursor">How far it was read.</param>
/// <param name="Count">How many entries there are.</param>
/// <param name="Sum">The entries' <see cref="MirrorSum"/>.</param>
internal sealed record MirrorCheckpoint(
    ulong ChainId, EthereumAddress Identity, EthereumAddress Keys, int Confirmations, LogCursor Cursor, int Count, EthereumHash Sum)
{
    // The last byte is the version of this form and of the entries'.
    private static ReadOnlySpan<byte> Magic => "SAGEMIR\u0001"u8;

    public byte[] Write()
    {
        List<byte> bytes = [.. Magic];
        Add(ChainId);
        bytes.AddRange(Identity.ToArray());
        bytes.AddRange(Keys.ToArray());
        Add((ulong)Confirmations);
        Add(Cursor.FirstBlock);
        bytes.Add((byte)Cursor.Checkpoints.Count);
        foreach (LogCheckpoint passed in Cursor.Checkpoints)
        {
            Add(passed.Number);
            bytes.AddRange(passed.Hash.ToArray());
        }

        Add((ulong)Count);
        bytes.AddRange(Sum.ToArray());
        return [.. bytes];

        void Add(ulong value)
        {
            Span<byte> number = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(number, value);
            bytes.AddRange(number);
        }
    }

    /// <summary>Reads a checkpoint; null if it is none of this version.</summary>
    public static MirrorCheckpoint? TryRead(ReadOnlySpan<byte> bytes)
    {
        MirrorBytes reader = new(bytes);
        if (!Bytes.PublicEquals(reader.Take(Magic.Length), Magic))
        {
            return null;
        }

        ulong chainId = reader.UInt64();
        EthereumAddress identity = reader.Address();
        EthereumAddress keys = reader.Address();
        ulong confirmations = reader.UInt64();
        ulong firstBlock = reader.UInt64();
        int passed = reader.Byte();
        List<LogCheckpoint> checkpoints = [];
        for (int i = 0; i < Math.Min(passed, LogCursor.MaxCheckpoints); i++)
        {
            checkpoints.Add(new LogCheckpoint(reader.UInt64(), reader.Hash()));
        }

        ulong count = reader.UInt64();
        EthereumHash sum = reader.Hash();
        if (!reader.IsAtEnd || confirmations > int.MaxValue || count > int.MaxValue)
        {
            return null;
        }

        try
        {
            return new MirrorCheckpoint(chainId, identity, keys, (int)confirmations, new LogCursor(firstBlock, checkpoints), (int)count, sum);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
