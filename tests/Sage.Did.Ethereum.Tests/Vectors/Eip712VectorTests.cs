using System.Text.Json;
using Sage.Crypto;
using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Eip712;

namespace Sage.Did.Ethereum.Tests.Vectors;

/// <summary>Typed data against the vectors of ethers, the example of EIP-712 and the messages of the key registry.</summary>
[TestFixture]
internal sealed class Eip712VectorTests
{
    [Test]
    public async Task The_typed_data_of_ethers_encode_and_hash() =>
        EthersVectors.Check(await EthersVectors.ReadAsync("eip712"), 1025, element =>
        {
            Dictionary<string, IReadOnlyList<Eip712Field>> structs = element.GetProperty("types").EnumerateObject().ToDictionary(
                type => type.Name,
                type => (IReadOnlyList<Eip712Field>)[.. type.Value.EnumerateArray().Select(field => new Eip712Field(field.GetProperty("name").GetString()!, field.GetProperty("type").GetString()!))]);
            Eip712Types types = new(structs);
            string primary = element.GetProperty("primaryType").GetString()!;
            AbiValue value = Value(structs, primary, element.GetProperty("data"));
            byte[] digest = Domain(element.GetProperty("domain")).Digest(types.HashStruct(primary, value));
            return !types.EncodeStruct(primary, value).AsSpan().SequenceEqual(element.Hex("encoded")) ? $"{types.EncodeType(primary)} encodes otherwise"
                : !digest.AsSpan().SequenceEqual(element.Hex("digest")) ? "another digest"
                : element.TryGetProperty("signature", out JsonElement signature) && !IsSignedBy(digest, signature.Hex(), element.Hex("privateKey")) ? "another signature"
                : null;
        });

    [Test]
    public void The_mail_of_the_standard_hashes_as_it_says()
    {
        Eip712Types types = Types(("Person", "string name,address wallet"), ("Mail", "Person from,Person to,string contents"));
        AbiValue mail = AbiValue.List(
            AbiValue.List(AbiValue.Of("Cow"), AbiValue.Of(EthereumAddress.Parse("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"))),
            AbiValue.List(AbiValue.Of("Bob"), AbiValue.Of(EthereumAddress.Parse("0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"))),
            AbiValue.Of("Hello, Bob!"));
        Eip712Domain domain = new()
        {
            Name = "Ether Mail",
            Version = "1",
            ChainId = 1,
            VerifyingContract = EthereumAddress.Parse("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"),
        };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(types.EncodeType("Mail"), Is.EqualTo("Mail(Person from,Person to,string contents)Person(string name,address wallet)"));
            Assert.That(Convert.ToHexStringLower(types.TypeHash("Mail")), Is.EqualTo("a0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2"));
            Assert.That(Convert.ToHexStringLower(types.HashStruct("Mail", mail)), Is.EqualTo("c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e"));
            Assert.That(Convert.ToHexStringLower(domain.Separator()), Is.EqualTo("f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f"));
            Assert.That(Convert.ToHexStringLower(domain.Digest(types.HashStruct("Mail", mail))), Is.EqualTo("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"));
        }
    }

    [Test]
    public void A_struct_may_contain_itself_in_an_array()
    {
        Eip712Types types = Types(("Node", "uint256 value,Node[] children"));
        AbiValue leaf = AbiValue.List(AbiValue.Of(2), AbiValue.List());
        AbiValue root = AbiValue.List(AbiValue.Of(1), AbiValue.List(leaf, leaf));
        AbiValue deep = leaf;
        for (int i = 0; i < 1000; i++)
        {
            deep = AbiValue.List(AbiValue.Of(1), AbiValue.List(deep));
        }

        byte[] leafHash = types.HashStruct("Node", leaf);
        byte[] expected = [.. types.TypeHash("Node"), .. new AbiWriter().Number(1).FixedBytes(Internal.Keccak.Hash([.. leafHash, .. leafHash])).ToArray()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(types.EncodeType("Node"), Is.EqualTo("Node(uint256 value,Node[] children)"));
            Assert.That(types.EncodeStruct("Node", root), Is.EqualTo(expected));
            Assert.That(() => types.HashStruct("Node", deep), Throws.ArgumentException);
        }
    }

    [Test]
    public void The_type_of_a_deployed_registry_hashes_as_on_the_chain() =>
        Assert.That(
            Convert.ToHexStringLower(Types(("AgentWalletSet", "uint256 agentId,address newWallet,address owner,uint256 deadline")).TypeHash("AgentWalletSet")),
            Is.EqualTo("678b53cd718d595370ab070ebf48edfdcd834beac116bf23e625fc7f4d5b7d32"));

    [Test]
    public void What_is_neither_a_type_nor_a_struct_and_a_value_of_another_shape_are_refused()
    {
        Eip712Types types = Types(("Pair", "uint8 left,uint8[2] right"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Types(("Broken", "Missing field")), Throws.TypeOf<FormatException>());
            Assert.That(() => Types(("Broken", "uint field")), Throws.TypeOf<FormatException>());
            Assert.That(() => types.HashStruct("Pair", AbiValue.List(AbiValue.Of(1))), Throws.ArgumentException);
            Assert.That(() => types.HashStruct("Pair", AbiValue.List(AbiValue.Of(256), AbiValue.List(AbiValue.Of(1), AbiValue.Of(2)))), Throws.ArgumentException);
            Assert.That(() => types.HashStruct("Pair", AbiValue.List(AbiValue.Of(1), AbiValue.List(AbiValue.Of(1)))), Throws.ArgumentException);
            Assert.That(() => new Eip712Domain { Salt = new byte[31] }.Separator(), Throws.InvalidOperationException);
            Assert.That(() => new KeyRevocation(1, new byte[31]).StructHash(), Throws.InvalidOperationException);
        }
    }

    // The same file is what the contract's tests are held against.
    [Test]
    public void The_proofs_of_the_key_registry_are_what_the_contract_checks()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Checkout.File("contracts", "test", "vectors", "proofs.json")));
        JsonElement root = file.RootElement;
        Eip712Domain domain = new()
        {
            Name = "SageKeyRegistry",
            Version = "1",
            ChainId = root.GetProperty("chainId").GetUInt64(),
            VerifyingContract = EthereumAddress.Parse(root.GetProperty("registry").GetString()),
        };
        KeyMessages messages = new(new EthereumDeployment(domain.ChainId.Value.ToUInt64(), EthereumAddress.Parse("0x8004A169FB4a3325136EB29fA0ceB6D2e539a432"), domain.VerifyingContract.Value));
        Eip712Types types = Types(("KeyProof", "uint256 agentId,address owner,uint8 keyType,uint8 purposes,bytes publicKey"), ("KeyRevocation", "uint256 agentId,bytes32 keyId"));
        JsonElement[] cases = [.. root.GetProperty("cases").EnumerateArray()];
        Assert.That(cases, Has.Length.GreaterThanOrEqualTo(24));
        using (Assert.EnterMultipleScope())
        {
            foreach (JsonElement element in cases)
            {
                UInt256 agentId = UInt256.FromBigEndian(element.Hex("agentId"));
                EthereumAddress owner = EthereumAddress.Parse(element.GetProperty("owner").GetString());
                (byte keyType, byte purposes, byte[] publicKey) = (element.GetProperty("keyType").GetByte(), element.GetProperty("purposes").GetByte(), element.Hex("publicKey"));
                byte[] proof = new KeyProof(agentId, owner, keyType, purposes, publicKey).StructHash();
                byte[] revocation = new KeyRevocation(agentId, element.Hex("keyId")).StructHash();
                Assert.That(KeyMessages.KeyId(keyType, publicKey).ToArray(), Is.EqualTo(element.Hex("keyId")));
                Assert.That(messages.Proof(agentId, owner, keyType, purposes, publicKey), Is.EqualTo(element.Hex("proofMessage")));
                Assert.That(messages.Revocation(agentId, KeyMessages.KeyId(keyType, publicKey)), Is.EqualTo(element.Hex("revocationMessage")));
                Assert.That(domain.Message(proof), Is.EqualTo(element.Hex("proofMessage")));
                Assert.That(domain.Digest(proof), Is.EqualTo(element.Hex("proofDigest")));
                Assert.That(domain.Message(revocation), Is.EqualTo(element.Hex("revocationMessage")));
                Assert.That(domain.Digest(revocation), Is.EqualTo(element.Hex("revocationDigest")));
                Assert.That(types.HashStruct("KeyProof", AbiValue.List(AbiValue.Of(agentId), AbiValue.Of(owner), AbiValue.Of(keyType), AbiValue.Of(purposes), AbiValue.Of(publicKey))), Is.EqualTo(proof));
                Assert.That(types.HashStruct("KeyRevocation", AbiValue.List(AbiValue.Of(agentId), AbiValue.Of(element.Hex("keyId")))), Is.EqualTo(revocation));
            }
        }
    }

    private static Eip712Types Types(params (string Name, string Fields)[] structs) => new(structs.ToDictionary(
        type => type.Name,
        type => (IReadOnlyList<Eip712Field>)[.. type.Fields.Split(',').Select(field => new Eip712Field(field.Split(' ')[1], field.Split(' ')[0]))]));

    private static bool IsSignedBy(byte[] digest, byte[] signature, byte[] privateKey)
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Secp256k1, privateKey);
        KeyEthereumSigner signer = new(key);
        return signer.SignDigestAsync(digest, EthereumSigningPurpose.TypedData).AsTask().Result.ToArray().AsSpan().SequenceEqual(signature)
            && EthereumSignature.FromBytes(signature).TryRecover(digest, out EthereumAddress address) && address == signer.Address;
    }

    private static AbiValue Value(Dictionary<string, IReadOnlyList<Eip712Field>> structs, string type, JsonElement element)
    {
        if (type.EndsWith(']'))
        {
            return AbiValue.List([.. element.EnumerateArray().Select(item => Value(structs, type[..type.LastIndexOf('[')], item))]);
        }

        return structs.TryGetValue(type, out IReadOnlyList<Eip712Field>? fields)
            ? AbiValue.List([.. fields.Select(field => Value(structs, field.Type, element.GetProperty(field.Name)))])
            : VectorValues.Read(AbiType.Parse(type), element);
    }

    private static Eip712Domain Domain(JsonElement element) => new()
    {
        Name = element.TryGetProperty("name", out JsonElement name) ? name.GetString() : null,
        Version = element.TryGetProperty("version", out JsonElement version) ? version.GetString() : null,
        ChainId = element.TryGetProperty("chainId", out JsonElement chainId) ? VectorValues.Number(chainId.ToString()) : null,
        VerifyingContract = element.TryGetProperty("verifyingContract", out JsonElement contract) ? EthereumAddress.Parse(contract.GetString()) : null,
        Salt = element.TryGetProperty("salt", out JsonElement salt) ? salt.Hex() : (ReadOnlyMemory<byte>?)null,
    };
}
