using System.Text.Json;
using Sage.Crypto.Internal;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Abi;

namespace Sage.Fuzz;

/// <summary>The logs that a mirror of a registry replays, and what it reads from its store.</summary>
internal static class MirrorTargets
{
    private const int MaxSize = 1 << 20;

    private static readonly EthereumDeployment Deployment = new(
        1, EthereumAddress.Parse("0x00000000000000000000000000000000000000a1"), EthereumAddress.Parse("0x00000000000000000000000000000000000000b2"));

    private static readonly LogFilter Filter = RegistryEvents.Filter(Deployment);
    private static readonly KeyImport Import = new(Deployment);
    private static readonly BlockHeader End = new(1, EthereumHash.FromBytes([.. new byte[31], 1]), default, DateTimeOffset.UnixEpoch);

    public static FuzzTarget[] All { get; } =
    [
        new("mirror-log", "an event has one form; a replay ends in a contradiction, or in at most 16 different keys and a state that its store gives back", Logs, "\"0x00000000000000000000000000000000000000a1\"", "\"0x00000000000000000000000000000000000000b2\"", "\"data\":\"0x", "\"topics\":[", "\"logIndex\":\"0x0\"", "\"logIndex\":\"0x1\"", "},{", new string('0', 64), new string('0', 63) + "1"),
        new("mirror-store", "what is read from a store is written back as the same bytes", Store, "SAGEMIR\u0001", "\u0004\u0004\0 "),
    ];

    private static void Logs(ReadOnlySpan<byte> input)
    {
        if (!StrictJson.TryParse(input.ToArray(), MaxSize, out JsonDocument? document))
        {
            return;
        }

        List<EthereumLog>? logs;
        using (document)
        {
            try
            {
                logs = LogRange.Read(document.RootElement, Filter, 1, End);
            }
            catch (EthereumRpcException exception) when (exception.Error == EthereumRpcError.InvalidResponse)
            {
                return;
            }
        }

        Dictionary<UInt256, AgentProjection> agents = [];
        foreach (EthereumLog log in logs ?? [])
        {
            if (RegistryEvents.TryRead(Deployment, log) is not { } change)
            {
                return;
            }

            Oracle.Holds(Data(change) is not { } data || Bytes.PublicEquals(data, log.Data.Span), "an event has two forms");
            try
            {
                agents[change.AgentId] = agents.GetValueOrDefault(change.AgentId, AgentProjection.None).Apply(change, Import);
            }
            catch (LogContradictionException)
            {
                return;
            }
        }

        foreach ((UInt256 id, AgentProjection agent) in agents)
        {
            Oracle.Holds(agent.Keys.Length <= AgentProjection.MaxKeys && agent.Keys.DistinctBy(key => key.Key.KeyId).Count() == agent.Keys.Length, "keys are too many or listed twice");
            byte[] stored = MirrorCodec.Write(agent);
            Oracle.Holds(stored.Length <= Did.RegistryMirrorEntry.MaxValueSize, "a state does not fit into the store");
            Oracle.Holds(MirrorCodec.TryRead(stored, id, Import) is { } read && Bytes.PublicEquals(MirrorCodec.Write(read), stored), "a state is not given back by its store");
        }
    }

    private static void Store(ReadOnlySpan<byte> input)
    {
        if (MirrorCodec.TryRead(input, 7, Import) is { } agent)
        {
            Oracle.Holds(Bytes.PublicEquals(MirrorCodec.Write(agent), input), "a state has two forms");
        }

        if (MirrorCheckpoint.TryRead(input) is { } checkpoint)
        {
            Oracle.Holds(Bytes.PublicEquals(checkpoint.Write(), input), "a checkpoint has two forms");
        }
    }

    /// <summary>The data of an event as a contract writes them; null for a text, of which only what is usable is kept.</summary>
    private static byte[]? Data(RegistryEvent change) => change switch
    {
        RegistryEvent.KeyAdded added => new AbiWriter().Number(added.Key.Type).Number(added.Key.Purposes).Bool(added.Key.IsProven).Number((ulong)added.Index)
            .Bytes(added.Key.Encoded.Span).Bytes(added.Key.Proof.Span).Number(added.Version).ToArray(),
        RegistryEvent.KeyRevoked revoked => new AbiWriter().Number(revoked.Version).ToArray(),
        RegistryEvent.EpochStarted started => new AbiWriter().Number(started.Epoch).Number(started.Version).ToArray(),
        RegistryEvent.ActiveSet set => new AbiWriter().Bool(set.IsActive).Number(set.Version).ToArray(),
        RegistryEvent.Transfer => [],
        _ => null,
    };
}
