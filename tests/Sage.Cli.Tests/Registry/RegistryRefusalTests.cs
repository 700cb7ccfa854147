using System.Text.Json;
using Sage.Did.Ethereum.Tests;

namespace Sage.Cli.Tests.Registry;

[TestFixture]
internal sealed class RegistryRefusalTests : RegistryFixture
{
    [Test]
    public async Task A_fee_above_the_cap_sends_nothing()
    {
        ulong before = await Anvil.Client.GetTransactionCountAsync(Owner, withPending: true);

        CliResult result = await Command.RunAsync(["registry", "register", .. Where, "--store", Store, "--passphrase-file", PassphraseFile, "--max-fee", "0.000000001"]);

        Command.AssertFails(result, 1, "the caller allows 1 wei");
        Assert.That(await Anvil.Client.GetTransactionCountAsync(Owner, withPending: true), Is.EqualTo(before));
    }

    [Test]
    public async Task Gas_above_the_limit_sends_nothing()
    {
        ulong before = await Anvil.Client.GetTransactionCountAsync(Owner, withPending: true);

        Command.AssertFails(await Command.RunAsync(["registry", "register", .. Where, .. Payer, "--gas-limit", "21000"]), 1, "21000 allowed");

        Assert.That(await Anvil.Client.GetTransactionCountAsync(Owner, withPending: true), Is.EqualTo(before));
    }

    [Test]
    public async Task A_bound_on_the_tip_is_kept()
    {
        JsonElement deactivated = await WriteAsync("deactivate", "--max-priority-fee", "0.0000001", "--agent", (await RegisterAsync()).Split(':')[^1]);
        JsonElement sent = await Anvil.AskAsync("eth_getTransactionByHash", deactivated.GetProperty("transaction").GetRawText());

        Assert.That(sent.GetProperty("maxPriorityFeePerGas").GetString(), Is.EqualTo("0x64"));
    }

    [Test]
    public async Task A_wrong_passphrase_is_refused_without_a_word_of_it()
    {
        string wrong = Folder["wrong"];
        await File.WriteAllTextAsync(wrong, "tr0ub4dor");

        CliResult result = await Command.RunAsync(["registry", "register", .. Where, "--store", Store, "--passphrase-file", wrong, "--max-fee", "100"]);

        Command.AssertFails(result, 1, "passphrase");
        Assert.That(result.Error, Does.Not.Contain("tr0ub4dor"));
    }

    [Test]
    public async Task A_node_of_another_chain_is_refused()
    {
        string[] addresses = ["--identity", Deployed.Deployment.IdentityRegistry.ToString(), "--keys", Deployed.Deployment.KeyRegistry.ToString()];

        Command.AssertFails(await Command.RunAsync(["registry", "register", "--rpc", Anvil.Url.AbsoluteUri, "--chain-id", "1", .. addresses, .. Payer]), 1, "serves chain 31337, not 1");
        Command.AssertFails(await Command.RunAsync(["registry", "register", .. Where, "--chain-id", "1", .. Payer]), 1, "is of chain 31337, not 1");
        Command.AssertFails(await Command.RunAsync(["registry", "deploy", "--rpc", Anvil.Url.AbsoluteUri, "--chain-id", "1", .. Payer, "--out", Folder["never.json"]]), 1, "serves chain 31337, not 1");
    }

    [Test]
    public async Task Contracts_that_do_not_belong_together_are_refused()
    {
        string identity = Deployed.Deployment.IdentityRegistry.ToString();
        string keys = Deployed.Deployment.KeyRegistry.ToString();

        Command.AssertFails(await Command.RunAsync(["registry", "register", .. Chain, "--identity", keys, "--keys", identity, .. Payer]), 1);
        Command.AssertFails(await Command.RunAsync(["registry", "register", .. Chain, "--identity", Owner.ToString(), "--keys", keys, .. Payer]), 1, "no contract at");
    }

    [Test]
    public async Task A_node_that_is_not_there_is_exit_code_3_and_its_url_is_not_told()
    {
        CliResult result = await Command.RunAsync(["registry", "resolve", $"did:sage:eip155:31337:{Deployed.Deployment.IdentityRegistry.ToLowerHex()}:0", "--rpc", "http://127.0.0.1:1/v2/api-key", "--deployment", Deployment]);

        Command.AssertFails(result, 3);
        Assert.That(result.Error, Does.Not.Contain("api-key"));
    }

    [Test]
    public async Task What_is_not_on_the_chain_does_not_resolve()
    {
        string root = $"did:sage:eip155:31337:{Deployed.Deployment.IdentityRegistry.ToLowerHex()}";
        await SettleAsync();

        Command.AssertFails(await Command.RunAsync(["registry", "resolve", root + ":4711", .. Where]), 1, "not known");
        Command.AssertFails(await Command.RunAsync(["registry", "resolve", $"did:sage:eip155:1:{Deployed.Deployment.IdentityRegistry.ToLowerHex()}:0", .. Where]), 1, "not known");
        Command.AssertFails(await Command.RunAsync(["registry", "resolve", root + ":07", .. Where]), 1, "malformed");
    }

    [Test]
    public async Task A_deployment_file_is_replaced_only_by_force_and_before_that_nothing_is_paid()
    {
        string content = await File.ReadAllTextAsync(Deployment);
        ulong before = await Anvil.Client.GetTransactionCountAsync(Owner, withPending: true);

        Command.AssertFails(await Command.RunAsync(["registry", "deploy", .. Chain, .. Payer, "--out", Deployment]), 1, "--force");
        Command.AssertFails(await Command.RunAsync(["registry", "deploy", .. Chain, .. Payer, "--out", Folder["no/such/folder.json"]]), 3);

        Assert.That(await Anvil.Client.GetTransactionCountAsync(Owner, withPending: true), Is.EqualTo(before));
        Assert.That(await File.ReadAllTextAsync(Deployment), Is.EqualTo(content));
    }

    [Test]
    public async Task A_key_registry_is_deployed_beside_an_identity_registry_that_is_there()
    {
        string file = Folder["second.json"];
        JsonElement made = await DoneAsync(["registry", "deploy", "--identity", Deployed.Deployment.IdentityRegistry.ToString(), .. Chain, .. Payer, "--out", file]);
        DeploymentFile second = await DeploymentFile.ReadAsync(file, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Deployment.IdentityRegistry, Is.EqualTo(Deployed.Deployment.IdentityRegistry));
            Assert.That(second.Deployment.KeyRegistry, Is.Not.EqualTo(Deployed.Deployment.KeyRegistry));
            Assert.That(made.GetProperty("keyRegistry").GetString(), Is.EqualTo(second.Deployment.KeyRegistry.ToString()));
            Assert.That(second.Block, Is.GreaterThan(Deployed.Block));
        }

        Command.AssertFails(await Command.RunAsync(["registry", "deploy", "--identity", Owner.ToString(), .. Chain, .. Payer, "--out", Folder["third.json"]]), 1, "no contract at");
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("""{"chainId":1,"identity":"0x1111111111111111111111111111111111111111","keyRegistry":"0x1111111111111111111111111111111111111111","block":0}""")]
    [TestCase("""{"chainId":0,"identity":"0x1111111111111111111111111111111111111111","keyRegistry":"0x2222222222222222222222222222222222222222","block":0}""")]
    [TestCase("""{"chainId":1,"identity":"0x11","keyRegistry":"0x2222222222222222222222222222222222222222","block":0}""")]
    [TestCase("""{"chainId":1,"identity":"0x1111111111111111111111111111111111111111","keyRegistry":"0x2222222222222222222222222222222222222222","block":-1}""")]
    public async Task A_damaged_deployment_file_is_refused(string content)
    {
        string file = Folder["damaged.json"];
        await File.WriteAllTextAsync(file, content);

        Command.AssertFails(await Command.RunAsync(["registry", "register", "--rpc", Anvil.Url.AbsoluteUri, "--deployment", file, .. Payer]), 1, "does not describe a deployment");
    }
}
