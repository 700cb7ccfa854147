using System.Text.Json;
using Sage.Did.Ethereum;

namespace Sage.Cli.Tests.Registry;

[TestFixture]
internal sealed class RegistryJourneyTests : RegistryFixture
{
    [Test]
    public async Task An_agent_lives_from_registration_to_another_owner()
    {
        foreach ((string name, string algorithm) in new[] { ("signing", "ed25519"), ("agreement", "x25519"), ("hot", "secp256k1"), ("next", "p256") })
        {
            await AddKeyAsync(name, algorithm);
        }

        JsonElement registered = await WriteAsync("register", "--uri", "https://alice.example/agent.json");
        string did = registered.GetProperty("did").GetString()!;
        string agent = registered.GetProperty("agent").GetString()!;
        Assert.That(did, Is.EqualTo($"did:sage:eip155:31337:{Deployed.Deployment.IdentityRegistry.ToLowerHex()}:{agent}"));
        Assert.That(registered.GetProperty("owner").GetString(), Is.EqualTo(Owner.ToString()));

        JsonElement added = await WriteAsync("keys", "add", "signing", "agreement", "--agent", agent);
        Assert.That(added.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("name").GetString()), Is.EqualTo(new[] { "signing", "agreement" }));
        Assert.That(await CountAsync(did), Is.EqualTo((1, 1)));

        string signing = added.GetProperty("keys")[0].GetProperty("key_id").GetString()!;
        JsonElement rotated = await WriteAsync("keys", "rotate", "--old", signing, "--new", "next", "--overlap", "--agent", did);
        Assert.That(rotated.GetProperty("kept").GetString(), Is.EqualTo(signing));
        Assert.That(await CountAsync(did), Is.EqualTo((2, 1)));

        rotated = await WriteAsync("keys", "rotate", "--old", "signing", "--new", "hot", "--agent", agent);
        Assert.That(rotated.GetProperty("revoked").GetString(), Is.EqualTo(signing));
        Assert.That(await CountAsync(did), Is.EqualTo((2, 1)));

        await WriteAsync("keys", "revoke", "next", "--agent", agent);
        Assert.That(await CountAsync(did), Is.EqualTo((1, 1)));

        await AddAccountAsync("anybody");
        JsonElement revoked = await WriteAsync("keys", "revoke", "hot", "--by-key", "--signer", "anybody", "--agent", agent);
        Assert.That(revoked.GetProperty("revoked").GetString(), Is.EqualTo(rotated.GetProperty("added").GetString()));
        Assert.That(await CountAsync(did), Is.EqualTo((0, 0)), "An agreement key counts beside a proven one only.");

        await AddKeyAsync("last", "ed25519");
        await WriteAsync("keys", "add", "last", "--agent", agent);
        Assert.That(await CountAsync(did), Is.EqualTo((1, 1)));
        await WriteAsync("revoke-all", "--agent", agent);
        Assert.That(await CountAsync(did), Is.EqualTo((0, 0)));

        await WriteAsync("deactivate", "--agent", agent);
        Command.AssertFails(await Command.RunAsync(["registry", "resolve", did, .. Where]), 1, "deactivated");
        await WriteAsync("activate", "--agent", agent);
        Assert.That(await CountAsync(did), Is.EqualTo((0, 0)));

        EthereumAddress bob = await AddAccountAsync("bob");
        JsonElement given = await WriteAsync("transfer", "--to", bob.ToString(), "--agent", agent);
        Assert.That(given.GetProperty("warning").GetString(), Does.Contain("No key counts any more"));
        await AddKeyAsync("of-bob", "ed25519");
        await WriteAsync("keys", "add", "of-bob", "--agent", agent, "--signer", "bob");
        Assert.That(await CountAsync(did), Is.EqualTo((1, 0)));
        Command.AssertFails(await Command.RunAsync(["registry", "deactivate", "--agent", agent, .. Where, .. Payer]), 1, "NotAuthorized");
    }

    [Test]
    public async Task For_reading_everything_stands_in_two_columns()
    {
        CliResult registered = await Command.RunAsync(["registry", "register", .. Where, .. Payer]);

        Assert.That(registered.Lines.Select(line => line.Split("  ")[0].TrimEnd()), Is.EqualTo(new[] { "did", "agent", "owner" }), registered.Error);
        Assert.That(registered.Lines[0], Does.StartWith("did    did:sage:eip155:31337:0x"));
    }

    [Test]
    public async Task An_approved_operator_adds_keys_that_name_the_owner()
    {
        string did = await RegisterAsync();
        EthereumAddress operatorAccount = await AddAccountAsync("operator");
        await AddKeyAsync("of-owner", "ed25519");
        await ApproveForAllAsync(operatorAccount);

        await WriteAsync("keys", "add", "of-owner", "--agent", did, "--signer", "operator");

        Assert.That(await CountAsync(did), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task What_the_registry_refuses_is_one_line_and_exit_code_1()
    {
        string did = await RegisterAsync();
        await AddKeyAsync("once", "ed25519");
        await AddKeyAsync("rsa", "rsa-pss-sha512");
        await AddAccountAsync("stranger");
        await WriteAsync("keys", "add", "once", "--agent", did);
        string[] tail = [.. Where, .. Payer];

        Command.AssertFails(await Command.RunAsync(["registry", "keys", "add", "once", "--agent", did, .. tail]), 1, "KeyAlreadyKnown");
        Command.AssertFails(await Command.RunAsync(["registry", "keys", "add", "rsa", "--agent", did, .. tail]), 1, "the registry takes");
        Command.AssertFails(await Command.RunAsync(["registry", "keys", "add", "once", "--agent", "4711", .. tail]), 1, "no agent 4711");
        Command.AssertFails(await Command.RunAsync(["registry", "keys", "add", "missing", "--agent", did, .. tail]), 1, "missing");
        Command.AssertFails(await Command.RunAsync(["registry", "keys", "revoke", "once", "--by-key", "--agent", did, .. tail]), 1, "no chain checks");
        Command.AssertFails(await Command.RunAsync(["registry", "keys", "revoke", "0x" + new string('1', 64), "--agent", did, .. tail]), 1, "KeyNotActive");
        Command.AssertFails(await Command.RunAsync(["registry", "revoke-all", "--signer", "stranger", "--agent", did, .. tail]), 1, "NotAuthorized");
        Command.AssertFails(await Command.RunAsync(["registry", "transfer", "--to", Owner.ToString(), "--signer", "stranger", "--agent", did, .. tail]), 1, "ERC721");
        Command.AssertFails(await Command.RunAsync(["registry", "transfer", "--to", Deployed.Deployment.KeyRegistry.ToString(), "--agent", did, .. tail]), 1, "ERC721InvalidReceiver");
        Command.AssertFails(await Command.RunAsync(["registry", "revoke-all", "--agent", "did:sage:eip155:1:" + Deployed.Deployment.IdentityRegistry.ToLowerHex() + ":0", .. tail]), 1, "no agent of this deployment");
        Command.AssertFails(await Command.RunAsync(["registry", "register", "--signer", "once", .. tail]), 1, "secp256k1");
        Command.AssertFails(await Command.RunAsync(["registry", "register", "--signer", "nobody", .. tail]), 1, "nobody");
    }

    private async Task<(int Signing, int Agreement)> CountAsync(string did)
    {
        JsonElement document = await ResolveAsync(did);
        return (Length("authentication"), Length("keyAgreement"));

        int Length(string name) => document.TryGetProperty(name, out JsonElement list) ? list.GetArrayLength() : 0;
    }

    private async Task ApproveForAllAsync(EthereumAddress account)
    {
        // setApprovalForAll(address,bool)
        string call = "0xa22cb465" + account.ToLowerHex()[2..].PadLeft(64, '0') + "1".PadLeft(64, '0');
        await Anvil.AskAsync("anvil_impersonateAccount", $"\"{Owner.ToLowerHex()}\"");
        await Anvil.AskAsync("eth_sendTransaction", $$"""{"from":"{{Owner.ToLowerHex()}}","to":"{{Deployed.Deployment.IdentityRegistry.ToLowerHex()}}","data":"{{call}}","gas":"0x30d40"}""");
        await Anvil.AskAsync("anvil_stopImpersonatingAccount", $"\"{Owner.ToLowerHex()}\"");
    }
}
