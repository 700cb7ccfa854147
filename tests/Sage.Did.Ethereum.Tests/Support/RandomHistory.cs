using System.Text.Json;
using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests;

/// <summary>Agents of three owners on a chain to which anything a caller may do happens; a seed makes the same choices again.</summary>
internal sealed class RandomHistory : IAsyncDisposable
{
    private const AgentKeyPurposes Both = AgentKeyPurposes.Authentication | AgentKeyPurposes.Assertion;

    private readonly RegistryChain chain;
    private readonly RegistryReader reader;
    private readonly List<PrivateKey> keys = [];
    private EthereumAddress[] owners = [];
    private uint state;

    public RandomHistory(RegistryChain chain, int seed)
    {
        this.chain = chain;
        state = (uint)seed * 2654435761u | 1;
        reader = new RegistryReader(chain.Deployment);
    }

    /// <summary>Every agent there ever was, also those that a reorganisation took away.</summary>
    public HashSet<UInt256> Agents { get; } = [];

    public async ValueTask<AgentState?> ReadAsync(UInt256 agent) =>
        await reader.ReadAsync(chain.Anvil.Client, agent, (await chain.Anvil.Client.GetBlockAsync(BlockTag.Latest)).Hash, false, default);

    public async Task StepAsync(int steps = 1)
    {
        for (int i = 0; i < steps; i++)
        {
            await StepOnceAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        keys.ForEach(key => key.Dispose());
        return ValueTask.CompletedTask;
    }

    private async Task StepOnceAsync()
    {
        if (owners.Length == 0)
        {
            owners = [.. (await chain.Anvil.AskAsync("eth_accounts")).EnumerateArray().Take(3).Select(account => EthereumAddress.Parse(account.GetString()))];
        }

        UInt256 agent = Agents.Count > 0 ? Agents.ElementAt(Next(Agents.Count)) : 0;
        AgentState? agentNow = Agents.Count > 0 ? await ReadAsync(agent) : null;
        int choice = Next(12);
        if (agentNow is null || (choice == 0 && Agents.Count < 6))
        {
            await RegisterAsync();
            return;
        }

        EthereumAddress contract = chain.Deployment.KeyRegistry;
        EthereumHash? listed = agentNow.Keys.Count > 0 ? agentNow.Keys[Next(agentNow.Keys.Count)].KeyId : null;
        switch (choice)
        {
            case 1 when listed is { } revoked:
                await chain.SendAsync(agentNow.Owner, contract, "revokeKey(uint256,bytes32)", writer => writer.Number(agent).FixedBytes(revoked.ToArray()));
                break;
            case 2 when Next(2) == 0:
                await chain.SendAsync(agentNow.Owner, contract, "revokeAll(uint256)", writer => writer.Number(agent));
                break;
            case 3 or 4 when agentNow.Keys.Count < 16:
                EthereumHash old = listed is { } rotated && Next(2) == 0 ? rotated : default;
                await chain.SendAsync(
                    agentNow.Owner, contract, "rotateKey(uint256,bytes32,(uint8,uint8,bytes,bytes))",
                    writer => NewKey(agent, agentNow.Owner).WriteTo(writer.Number(agent).FixedBytes(old.ToArray())));
                break;
            case 5 or 6:
                EthereumAddress to = owners[Next(owners.Length)];
                await chain.SendAsync(
                    agentNow.Owner, chain.Deployment.IdentityRegistry, "transferFrom(address,address,uint256)", writer => writer.Address(agentNow.Owner).Address(to).Number(agent));
                break;
            case 7:
                await chain.SendAsync(agentNow.Owner, contract, "setActive(uint256,bool)", writer => writer.Number(agent).Bool(!agentNow.IsActive || Next(4) == 0));
                break;
            case 8:
                string uri = $"https://agents.test/{Next(1000)}";
                await chain.SendAsync(agentNow.Owner, chain.Deployment.IdentityRegistry, "setAgentURI(uint256,string)", writer => writer.Number(agent).String(uri));
                break;
            default:
                await AddAsync(agent, agentNow);
                break;
        }
    }

    private async Task AddAsync(UInt256 agent, AgentState state)
    {
        NewAgentKey[] added = [.. Enumerable.Range(0, Math.Min(1 + Next(3), 16 - state.Keys.Count)).Select(_ => NewKey(agent, state.Owner))];
        await chain.SendAsync(state.Owner, chain.Deployment.KeyRegistry, "addKeys(uint256,(uint8,uint8,bytes,bytes)[])", writer =>
        {
            writer.Number(agent).BeginArray(added.Length);
            foreach (NewAgentKey key in added)
            {
                key.WriteTo(writer);
            }

            writer.End();
        });
    }

    private async Task RegisterAsync()
    {
        JsonElement receipt = await chain.SendAsync(owners[Next(owners.Length)], chain.Deployment.IdentityRegistry, "register(string)", writer => writer.String(Next(2) == 0 ? "" : "https://agents.test/new"));
        string registered = RegistryLogs.Hash("Registered(uint256,string,address)").ToString();
        JsonElement topics = receipt.GetProperty("logs").EnumerateArray().Select(log => log.GetProperty("topics")).Single(topics => topics[0].GetString() == registered);
        Agents.Add(UInt256.FromBigEndian(EthereumHash.Parse(topics[1].GetString()).ToArray()));
    }

    private NewAgentKey NewKey(UInt256 agent, EthereumAddress owner)
    {
        PrivateKey key = PrivateKey.Generate(new[] { KeyAlgorithm.Ed25519, KeyAlgorithm.Secp256k1, KeyAlgorithm.P256, KeyAlgorithm.X25519 }[Next(4)]);
        keys.Add(key);
        return key.Algorithm == KeyAlgorithm.X25519 ? NewAgentKey.ForAgreement(key.PublicKey) : NewAgentKey.Prove(chain.Deployment, agent, owner, key, Next(3) == 0 ? AgentKeyPurposes.Assertion : Both);
    }

    // Xorshift: the same choices for the same seed on every machine.
    private int Next(int bound)
    {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return (int)(state % (uint)bound);
    }
}
