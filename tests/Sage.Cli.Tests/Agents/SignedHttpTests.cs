using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sage.Cli.Tests;

/// <summary>Signed requests between two agents that share nothing but the registry file.</summary>
[TestFixture]
internal sealed class SignedHttpTests : AgentFixture
{
    private const string Refusal = """{"title":"authentication failed","status":401}""";

    [Test]
    public async Task Bodies_come_back_signed_for_the_request([Values("ed25519", "secp256k1")] string ours, [Values("ed25519", "secp256k1")] string theirs)
    {
        string bob = await CreateDidAsync("bob", "http://127.0.0.1:1/a%20gent/", "--signing", theirs);
        await CreateDidAsync("alice", more: ["--signing", ours]);
        await File.WriteAllTextAsync(Folder["body"], """{"hello":"wörld"}""");
        await using RunningCommand server = RunningCommand.Start(ServeArguments("bob", "--port", "0"));
        string address = await server.ReadAddressAsync();
        string[] body = ["--body-file", Folder["body"], "--content-type", "application/json", "--to", bob];

        CliResult text = await Command.RunAsync(CallArguments("alice", address + "/signed-echo", body));
        CliResult json = await Command.RunAsync(CallArguments("alice", address + "/a%20gent/signed-echo?x=%2F", [.. body, "--json"]));
        CliResult many = await Command.RunAsync(CallArguments("alice", address + "/signed-echo", [.. body, "--count", "30"]));
        CliResult manyJson = await Command.RunAsync(CallArguments("alice", address + "/signed-echo", [.. body, "--count", "3", "--json"]));
        CliResult empty = await Command.RunAsync(CallArguments("alice", address + "/signed-echo", "--method", "POST", "--json"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text.Text, Is.EqualTo("""{"hello":"wörld"}"""), text.Error);
            Assert.That(json.ExitCode, Is.Zero, json.Error);
            Assert.That(many.Text, Does.StartWith($"30 calls, all answers signed by {bob}, "), many.Error);
            Assert.That(manyJson.Json.GetProperty("calls").GetInt32(), Is.EqualTo(3), manyJson.Error);
            Assert.That(empty.ExitCode, Is.Zero, empty.Error);
            Assert.That(empty.Json.GetProperty("body_base64").GetString(), Is.Empty);
        }

        JsonElement answer = json.Json;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.GetProperty("status").GetInt32(), Is.EqualTo(200));
            Assert.That(answer.GetProperty("subject").GetString(), Is.EqualTo(bob));
            Assert.That(answer.GetProperty("keyid").GetString(), Is.EqualTo(bob + "#key-1"));
            Assert.That(answer.GetProperty("algorithm").GetString(), Is.EqualTo(theirs == "ed25519" ? "ed25519" : "es256k"));
            Assert.That(answer.GetProperty("covered").EnumerateArray().Select(item => item.GetString()), Is.EqualTo(new[]
            {
                "\"@status\"", "\"@method\";req", "\"@target-uri\";req", "\"@authority\";req", "\"content-digest\";req", "\"signature\";req", "\"content-type\"", "\"content-digest\"",
            }));
        }
    }

    [Test]
    public async Task A_body_of_16_MiB_is_the_longest()
    {
        await CreateDidAsync("bob");
        await CreateDidAsync("alice");
        byte[] body = [.. Enumerable.Range(0, 16 * 1024 * 1024).Select(i => (byte)(i * 7))];
        await File.WriteAllBytesAsync(Folder["body"], body);
        await File.WriteAllBytesAsync(Folder["longer"], new byte[body.Length + 1]);
        await using RunningCommand server = RunningCommand.Start(ServeArguments("bob", "--port", "0"));
        string address = await server.ReadAddressAsync();

        CliResult longest = await Command.RunAsync(CallArguments("alice", address + "/signed-echo", "--body-file", Folder["body"]));
        CliResult longer = await Command.RunAsync(CallArguments("alice", address + "/signed-echo", "--body-file", Folder["longer"]));

        Assert.That(longest.ExitCode, Is.Zero, longest.Error);
        Command.AssertOutput(longest, body);
        Command.AssertFails(longer, 1, "larger than");
    }

    [Test]
    public async Task Who_is_not_registered_or_answers_without_a_signature_is_refused()
    {
        string bob = await CreateDidAsync("bob");
        string alice = await CreateDidAsync("alice");
        await using RunningCommand server = RunningCommand.Start(ServeArguments("bob", "--port", "0"));
        string address = await server.ReadAddressAsync();
        await CreateDidAsync("mallory");

        CliResult unsigned = await Command.RunAsync(CallArguments("alice", address + "/messages", "--method", "POST"));
        CliResult get = await Command.RunAsync(CallArguments("alice", address + "/signed-echo"));
        CliResult nowhere = await Command.RunAsync(CallArguments("alice", address + "/nowhere"));
        CliResult other = await Command.RunAsync(CallArguments("alice", address + "/signed-echo", "--method", "POST", "--to", alice));
        await WithoutAsync(alice);
        CliResult unknown = await Command.RunAsync([.. CallArguments("mallory", address + "/signed-echo", "--method", "POST"), "--to", bob]);
        CliResult unregistered = await Command.RunAsync(CallArguments("alice", address + "/signed-echo", "--method", "POST"));

        using (Assert.EnterMultipleScope())
        {
            Command.AssertFails(unsigned, 1, "NotSigned");
            Command.AssertFails(get, 1, "405");
            Command.AssertFails(nowhere, 1, "404");
            Command.AssertFails(other, 1, bob);
            Assert.That(unknown.ExitCode, Is.Zero, unknown.Error);
            Command.AssertFails(unregistered, 1, "not known");
        }
    }

    [Test]
    public async Task A_captured_request_is_accepted_once_and_every_change_of_it_refused()
    {
        await CreateDidAsync("bob");
        CliResult made = await Command.RunAsync("keys", "generate", "--algorithm", "ed25519", "--out", Folder["key"]);
        using Sage.Crypto.PrivateKey key = Sage.Crypto.Pem.ImportPrivateKey(await File.ReadAllBytesAsync(Folder["key"]));
        string caller = await RegisterAsync(key);
        await using RunningCommand server = RunningCommand.Start(ServeArguments("bob", "--port", "0"));
        Uri address = new(await server.ReadAddressAsync());
        string request = $"POST /signed-echo HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\nX-SAGE-DID: {caller}\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
        string[] sign = ["http", "sign", "--key", Folder["key"], "--keyid", caller + "#key-1", "--policy", "sage", "--scheme", "http"];
        CliResult signed = await Command.RunAsync(Encoding.Latin1.GetBytes(request), sign);
        string text = Encoding.Latin1.GetString(signed.Output);

        string first = await ExchangeAsync(address, text);
        await File.WriteAllBytesAsync(Folder["request"], signed.Output);
        CliResult verified = await Command.RunAsync(Encoding.Latin1.GetBytes(first), "http", "verify", "--policy", "sage", "--scheme", "http", "--registry", Registry, "--in-reply-to", Folder["request"], "--json");
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        Assert.That(first, Does.StartWith("HTTP/1.1 200 OK\r\n").And.EndsWith("\r\n\r\nhello"));
        Assert.That(verified.ExitCode, Is.Zero, verified.Error);

        string[] attacks =
        [
            text,
            text.Replace("hello", "hellO", StringComparison.Ordinal),
            text.Replace("/signed-echo", "/signed-echo?", StringComparison.Ordinal),
            text.Replace("text/plain", "text/html", StringComparison.Ordinal),
            text.Replace("created=1", "created=2", StringComparison.Ordinal),
            text.Replace("Signature: ", "X: ", StringComparison.Ordinal),
            request,
            .. await Task.WhenAll(new[] { "--created=1700000000", "--created=9700000000" }.Select(async time => Encoding.Latin1.GetString((await Command.RunAsync(Encoding.Latin1.GetBytes(request), [.. sign, time])).Output))),
        ];
        foreach (string attack in attacks)
        {
            Assert.That(await ExchangeAsync(address, attack), Does.StartWith("HTTP/1.1 401 ").And.EndsWith("\r\n\r\n" + Refusal), attack);
        }

        CliResult again = await Command.RunAsync(Encoding.Latin1.GetBytes(request), sign);
        Assert.That(await ExchangeAsync(address, Encoding.Latin1.GetString(again.Output)), Does.StartWith("HTTP/1.1 200 OK\r\n"));
    }

    [Test]
    public async Task A_peer_that_is_not_there_is_an_io_error()
    {
        await CreateDidAsync("alice");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        listener.Stop();

        Command.AssertFails(await Command.RunAsync(CallArguments("alice", $"http://127.0.0.1:{port}/signed-echo")), 3);
    }

    [TestCase("ftp://127.0.0.1/")]
    [TestCase("/signed-echo")]
    [TestCase("http://user@127.0.0.1/")]
    public async Task A_url_that_cannot_be_called_is_a_usage_error(string url) =>
        Command.AssertFails(await Command.RunAsync(CallArguments("alice", url)), 2, url);

    private string[] CallArguments(string from, string url, params string[] more) =>
        ["http", "call", url, "--home", Folder[from], "--registry", Registry, "--passphrase-file", PassphraseFile, .. more];

    private async Task<string> RegisterAsync(Sage.Crypto.PrivateKey key)
    {
        Sage.Did.AgentDid did = Sage.Did.AgentDid.Parse("did:sage:ethereum:0x1111111111111111111111111111111111111111");
        Sage.Did.AgentRecord record = new()
        {
            Did = did,
            Keys = [await Sage.Did.RecordKey.CreateSigningKeyAsync(new Sage.Crypto.KeySigner(key), did, DateTimeOffset.UnixEpoch)],
        };
        string text = await File.ReadAllTextAsync(Registry);
        int end = text.LastIndexOf(']');
        await File.WriteAllTextAsync(Registry, $"{text[..end]},{Encoding.UTF8.GetString(record.ToJson())}{text[end..]}");
        return did.Value;
    }

    private async Task WithoutAsync(string did)
    {
        System.Text.Json.Nodes.JsonNode registry = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(Registry))!;
        System.Text.Json.Nodes.JsonArray records = registry["records"]!.AsArray();
        records.Remove(records.Single(record => record!["did"]!.GetValue<string>() == did));
        await File.WriteAllTextAsync(Registry, registry.ToJsonString());
    }

    private static async Task<string> ExchangeAsync(Uri address, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        using MemoryStream answer = new();
        await client.GetStream().CopyToAsync(answer);
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
