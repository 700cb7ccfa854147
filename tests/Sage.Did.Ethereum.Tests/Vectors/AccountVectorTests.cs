using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests.Vectors;

/// <summary>Addresses of keys and their checksums against the vectors of ethers.</summary>
[TestFixture]
internal sealed class AccountVectorTests
{
    [Test]
    public async Task The_addresses_of_ethers_have_their_keys_and_their_checksums() =>
        EthersVectors.Check(await EthersVectors.ReadAsync("accounts"), 1038, element =>
        {
            string checksummed = element.GetProperty("checksumAddress").GetString()!;
            if (EthereumAddress.Parse(element.GetProperty("address").GetString()).ToString() != checksummed)
            {
                return "another checksum";
            }

            if (!element.TryGetProperty("privateKey", out System.Text.Json.JsonElement raw))
            {
                return null;
            }

            using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Secp256k1, raw.Hex());
            return EthereumAddress.FromPublicKey(key.PublicKey) == EthereumAddress.Parse(checksummed) ? null : "another address";
        });
}
