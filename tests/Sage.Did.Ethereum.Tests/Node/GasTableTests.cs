using System.Globalization;
using System.Text.Json;

namespace Sage.Did.Ethereum.Tests.Node;

/// <summary>The figures in docs/onchain.md are those of contracts/gas.json, which the contract's own tools hold against measurements.</summary>
internal sealed class GasTableTests
{
    private static readonly Dictionary<string, string[]> Rows = new()
    {
        ["register an agent"] = ["register(uri)"],
        ["first keys: Ed25519 and X25519 in one transaction"] = ["addKeys, the first: Ed25519 and X25519"],
        ["first key: secp256k1"] = ["addKeys, the first: secp256k1"],
        ["add secp256k1"] = ["addKeys: secp256k1"],
        ["add Ed25519, with the proof stored"] = ["addKeys: Ed25519"],
        ["add X25519"] = ["addKeys: X25519"],
        ["add P-256, by the precompile / left to readers"] = ["addKeys: P-256, by the precompile", "addKeys: P-256, left to readers"],
        ["rotate"] = ["rotateKey: secp256k1"],
        ["revoke"] = ["revokeKey"],
        ["revoke the first of 16"] = ["revokeKey, the first of 16"],
        ["revoke by the key's own signature"] = ["revokeKeyBySignature: secp256k1"],
        ["revoke all"] = ["revokeAll"],
        ["deactivate"] = ["setActive"],
    };

    [Test]
    public void The_table_says_what_was_measured()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Checkout.File("contracts", "gas.json")));
        Dictionary<string, int> measured = file.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetInt32());
        string document = File.ReadAllText(Checkout.File("docs", "onchain.md"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Rows.Values.SelectMany(names => names), Is.EquivalentTo(measured.Keys), "Every measurement is in one row.");
            foreach ((string row, string[] names) in Rows)
            {
                string figures = string.Join(" / ", names.Select(name => Number(measured[name])));
                Assert.That(document, Does.Contain($"| {row} | {figures} |"));
            }

            string sum = Number(measured["register(uri)"] + measured["addKeys, the first: Ed25519 and X25519"]);
            Assert.That(document, Does.Contain($"An agent with the two default keys costs {sum} gas"));
        }
    }

    [Test]
    public async Task Deploying_costs_what_the_table_says()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        Assert.That(File.ReadAllText(Checkout.File("docs", "onchain.md")), Does.Contain($"| deploy key registry / identity | {Number(chain.KeyRegistryGas)} / {Number(chain.IdentityRegistryGas)} |"));
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
