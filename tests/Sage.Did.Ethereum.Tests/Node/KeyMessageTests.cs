using System.Security.Cryptography;
using System.Text.Json;
using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Eip712;
using Sage.Did.Ethereum.Internal;
using Sage.Did.Ethereum.Tests.Vectors;

namespace Sage.Did.Ethereum.Tests.Node;

/// <summary>What keys sign, by the contract on a chain and by this library, for values that nobody chose.</summary>
internal sealed class KeyMessageTests
{
    private const int Cases = 256;

    // Where ERC721 keeps its owners: behind its name and its symbol.
    private const ulong OwnersSlot = 2;

    private RegistryChain chain = null!;

    [OneTimeSetUp]
    public async Task Start() => chain = await RegistryChain.StartAsync();

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (chain is not null)
        {
            await chain.DisposeAsync();
        }
    }

    [Test]
    public async Task Random_agents_owners_and_keys_have_the_same_digests_on_the_chain_and_here()
    {
        KeyMessages messages = new(chain.Deployment);
        Eip712Domain domain = new() { Name = "SageKeyRegistry", Version = "1", ChainId = Anvil.ChainId, VerifyingContract = chain.Deployment.KeyRegistry };
        for (int i = 0; i < Cases; i++)
        {
            UInt256 agent = UInt256.FromBigEndian(RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 33)));
            EthereumAddress owner = EthereumAddress.FromBytes([.. RandomNumberGenerator.GetBytes(19), (byte)RandomNumberGenerator.GetInt32(1, 256)]);
            (byte type, byte purposes) = ((byte)RandomNumberGenerator.GetInt32(256), (byte)RandomNumberGenerator.GetInt32(256));
            byte[] key = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(130));
            EthereumHash keyId = KeyMessages.KeyId(type, key);

            byte[] proof = await CallAsync(agent, owner, "proofDigest(uint256,uint8,uint8,bytes)", writer => writer.Number(agent).Number(type).Number(purposes).Bytes(key));
            byte[] revocation = await CallAsync(agent, owner, "revocationDigest(uint256,bytes32)", writer => writer.Number(agent).FixedBytes(keyId.ToArray()));
            byte[] name = await CallAsync(agent, owner, "keyIdOf(uint8,bytes)", writer => writer.Number(type).Bytes(key));
            TestContext.Out.WriteLine($"agent {agent}, owner {owner}, type {type}, purposes {purposes}, key {Convert.ToHexStringLower(key)}");
            using (Assert.EnterMultipleScope())
            {
                Assert.That(Keccak.Hash(messages.Proof(agent, owner, type, purposes, key)), Is.EqualTo(proof));
                Assert.That(domain.Digest(new KeyProof(agent, owner, type, purposes, key).StructHash()), Is.EqualTo(proof));
                Assert.That(Keccak.Hash(messages.Revocation(agent, keyId)), Is.EqualTo(revocation));
                Assert.That(domain.Digest(new KeyRevocation(agent, keyId.ToArray()).StructHash()), Is.EqualTo(revocation));
                Assert.That(keyId.ToArray(), Is.EqualTo(name));
            }
        }
    }

    /// <summary>Calls the key registry as if the owner had the agent, which for most ids and owners could not be arranged otherwise.</summary>
    private async Task<byte[]> CallAsync(UInt256 agent, EthereumAddress owner, string signature, Action<AbiWriter> write)
    {
        AbiWriter writer = new(AbiSignature.Parse(signature).Selector);
        write(writer);
        string slot = Convert.ToHexStringLower(Keccak.Hash(new AbiWriter().Number(agent).Number(OwnersSlot).ToArray()));
        string held = Convert.ToHexStringLower(new AbiWriter().Address(owner).ToArray());
        JsonElement answer = await chain.Anvil.AskAsync(
            "eth_call",
            $$"""{"to":"{{chain.Deployment.KeyRegistry.ToLowerHex()}}","input":"0x{{Convert.ToHexStringLower(writer.ToArray())}}"}""",
            "\"latest\"",
            $$$$"""{"{{{{chain.Deployment.IdentityRegistry.ToLowerHex()}}}}":{"stateDiff":{"0x{{{{slot}}}}":"0x{{{{held}}}}"}}}""");
        return answer.Hex();
    }
}
