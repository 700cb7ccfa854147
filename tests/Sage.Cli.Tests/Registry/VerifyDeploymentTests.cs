using System.Text.Json;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Tests;

namespace Sage.Cli.Tests.Registry;

[TestFixture]
internal sealed class VerifyDeploymentTests : RegistryFixture
{
    private static readonly string[] Names = ["chain", "synced", "head", "finalized", "identity_code", "key_registry_code", "identity_link", "version", "reads"];

    private string Identity => Deployed.Deployment.IdentityRegistry.ToString();

    private string Keys => Deployed.Deployment.KeyRegistry.ToString();

    [Test]
    public async Task A_deployment_is_in_order_by_every_check()
    {
        await SettleAsync();

        JsonElement verified = await DoneAsync(["verify", "deployment", .. Where]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verified.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "ok", "deployment", "head", "checks" }));
            Assert.That(verified.GetProperty("ok").GetBoolean(), Is.True);
            Assert.That(verified.GetProperty("deployment").GetProperty("keyRegistry").GetString(), Is.EqualTo(Keys));
            Assert.That(verified.GetProperty("head").GetProperty("number").GetUInt64(), Is.GreaterThanOrEqualTo(Deployed.Block));
            Assert.That(verified.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()), Is.EqualTo(Names));
            Assert.That(verified.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("ok").GetBoolean()), Is.All.True);
        }

        CliResult text = await Command.RunAsync(["verify", "deployment", .. Where]);
        Assert.That(text.Lines, Has.Length.EqualTo(Names.Length).And.All.StartsWith("ok "));
    }

    [Test]
    public async Task Another_chain_is_not_in_order()
    {
        Assert.That(await FailedAsync("--chain-id", "1", "--identity", Identity, "--keys", Keys), Is.SupersetOf(new[] { "chain", "identity_code", "key_registry_code" }));
    }

    [Test]
    public async Task Swapped_addresses_are_not_in_order()
    {
        Assert.That(await FailedAsync("--chain-id", "31337", "--identity", Keys, "--keys", Identity), Is.EqualTo(new[] { "identity_code", "key_registry_code", "identity_link", "version", "reads" }));
    }

    [Test]
    public async Task An_address_without_code_is_not_in_order()
    {
        string nothing = Owner.ToString();

        Assert.That(await FailedAsync("--chain-id", "31337", "--identity", Identity, "--keys", nothing), Is.EqualTo(new[] { "key_registry_code", "identity_link", "version", "reads" }));
        Assert.That(await FailedAsync("--chain-id", "31337", "--identity", nothing, "--keys", Keys), Is.EqualTo(new[] { "identity_code", "key_registry_code", "identity_link" }));
    }

    [Test]
    public async Task A_key_registry_of_another_identity_registry_is_not_in_order()
    {
        string file = Folder["other.json"];
        await DoneAsync(["registry", "deploy", .. Chain, .. Payer, "--out", file]);
        string other = (await DeploymentFile.ReadAsync(file, CancellationToken.None)).Deployment.IdentityRegistry.ToString();

        Assert.That(await FailedAsync("--chain-id", "31337", "--identity", other, "--keys", Keys), Is.EqualTo(new[] { "key_registry_code", "identity_link" }));
    }

    [Test]
    public async Task A_single_changed_byte_of_code_is_noticed()
    {
        byte[] code = (await Anvil.Client.GetCodeAsync(Deployed.Deployment.KeyRegistry)).ToArray();
        EthereumAddress copy = EthereumAddress.Parse("0x00000000000000000000000000000000000c0de1");
        byte[] changed = ContractCode.SageKeyRegistry.OnChain(31337, copy, Deployed.Deployment.IdentityRegistry);
        Assert.That(changed, Has.Length.EqualTo(code.Length));
        await SetCodeAsync(copy, changed);
        Assert.That(await FailedAsync("--chain-id", "31337", "--identity", Identity, "--keys", copy.ToString()), Is.Empty);

        // The last byte is of a function that none of the other checks calls.
        changed[^1] ^= 1;
        await SetCodeAsync(copy, changed);
        Assert.That(await FailedAsync("--chain-id", "31337", "--identity", Identity, "--keys", copy.ToString()), Is.EqualTo(new[] { "key_registry_code" }));

        // The code of the deployment, elsewhere: its domain is that of the other address.
        await SetCodeAsync(copy, code);
        Assert.That(await FailedAsync("--chain-id", "31337", "--identity", Identity, "--keys", copy.ToString()), Does.Contain("key_registry_code"));
    }

    [Test]
    public async Task The_public_identity_registry_is_unknown_code_and_in_order()
    {
        EthereumAddress singleton = EthereumAddress.Parse("0x8004A818BFB912233c491871b3d84c89A494BD9e");
        await SetCodeAsync(singleton, (await Anvil.Client.GetCodeAsync(Deployed.Deployment.IdentityRegistry)).ToArray());
        string file = Folder["public.json"];
        await DoneAsync(["registry", "deploy", "--identity", singleton.ToString(), .. Chain, .. Payer, "--out", file]);

        JsonElement verified = await DoneAsync(["verify", "deployment", "--rpc", Anvil.Url.AbsoluteUri, "--deployment", file]);

        JsonElement identity = verified.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "identity_code");
        Assert.That(identity.GetProperty("detail").GetString(), Does.StartWith("unknown code"));
    }

    [Test]
    public async Task A_chain_that_stands_still_is_not_in_order()
    {
        await using Anvil old = await Anvil.StartAsync("--timestamp", "1700000000");

        CliResult result = await Command.RunAsync("verify", "deployment", "--rpc", old.Url.AbsoluteUri, "--chain-id", "31337", "--identity", Identity, "--keys", Keys, "--json");

        Command.AssertFails(result, 1, "head");
        Assert.That(result.Json.GetProperty("ok").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Confirmations_stand_in_for_finality()
    {
        JsonElement verified = await DoneAsync(["verify", "deployment", .. Where, "--confirmations", "2"]);

        JsonElement finalized = verified.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "finalized");
        Assert.That(finalized.GetProperty("detail").GetString(), Does.Contain("2 confirmations"));
    }

    [Test]
    public async Task A_node_that_is_not_there_is_exit_code_3()
    {
        CliResult result = await Command.RunAsync("verify", "deployment", "--rpc", "http://127.0.0.1:1", "--deployment", Deployment, "--json");

        Command.AssertFails(result, 3);
        Assert.That(result.Output, Is.Empty);
    }

    /// <summary>The names of the checks that fail; the exit code is 1 exactly when there are any.</summary>
    private async Task<string[]> FailedAsync(params string[] deployment)
    {
        CliResult result = await Command.RunAsync(["verify", "deployment", "--rpc", Anvil.Url.AbsoluteUri, .. deployment, "--json"]);
        string[] failed = [.. result.Json.GetProperty("checks").EnumerateArray().Where(check => !check.GetProperty("ok").GetBoolean()).Select(check => check.GetProperty("name").GetString()!)];
        Assert.That(result.ExitCode, Is.EqualTo(failed.Length > 0 ? 1 : 0), result.Error);
        Assert.That(result.Json.GetProperty("ok").GetBoolean(), Is.EqualTo(failed.Length == 0));
        return failed;
    }

    private async Task SetCodeAsync(EthereumAddress address, byte[] code) =>
        await Anvil.AskAsync("anvil_setCode", $"\"{address.ToLowerHex()}\"", $"\"0x{Convert.ToHexStringLower(code)}\"");
}
