using System.Text;

namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class HttpSignTests : HttpFixture
{
    [Test]
    public async Task Only_three_fields_are_added([Values("\r\n", "\n")] string end)
    {
        string text = Request.Replace("\r\n", end, StringComparison.Ordinal);

        string signed = await SignAsync(text);

        string head = text[..text.IndexOf(end + end, StringComparison.Ordinal)];
        string[] added = signed[head.Length..^(end + end + "hello").Length].Split(end, StringSplitOptions.RemoveEmptyEntries);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(signed, Does.StartWith(head + end).And.EndsWith(end + end + "hello"));
            Assert.That(added, Has.Length.EqualTo(3));
            Assert.That(added[0], Is.EqualTo("Content-Digest: sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"));
            Assert.That(added[1], Does.Match("""^Signature-Input: sig1=\("@method" "@target-uri" "@authority" "content-type" "content-digest"\);keyid="me";alg="ed25519";created=1700000000;expires=1700000060;nonce="[A-Za-z0-9_-]{22}"$"""));
            Assert.That(added[2], Does.Match("^Signature: sig1=:[A-Za-z0-9+/]{86}==:$"));
        }
    }

    [TestCase("ed25519", "default")]
    [TestCase("p256", "default")]
    [TestCase("secp256k1", "sage")]
    [TestCase("ed25519", "sage")]
    public async Task What_is_signed_verifies(string algorithm, string policy)
    {
        string signed = await SignAsync(Request, "--key", Folder[algorithm], "--policy", policy);

        CliResult verified = await VerifyAsync(signed, "--key", Folder[algorithm], "--policy", policy);

        Assert.That(verified.ExitCode, Is.Zero, verified.Error);
    }

    [Test]
    public async Task The_options_are_what_is_signed()
    {
        string signed = await SignAsync(
            Request, "--label", "mine", "--tag", "orders", "--nonce", "n-1", "--component", "@path", "--component", "\"host\"", "--scheme", "http");

        CliResult verified = await VerifyAsync(signed, "--scheme", "http", "--label", "mine", "--tag", "orders", "--json");
        CliResult https = await VerifyAsync(signed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verified.ExitCode, Is.Zero, verified.Error);
            Assert.That(verified.Json.GetProperty("label").GetString(), Is.EqualTo("mine"));
            Assert.That(verified.Json.GetProperty("tag").GetString(), Is.EqualTo("orders"));
            Assert.That(verified.Json.GetProperty("nonce").GetString(), Is.EqualTo("n-1"));
            Assert.That(verified.Json.GetProperty("covered").EnumerateArray().Select(item => item.GetString()), Is.SupersetOf(new[] { "\"@path\"", "\"host\"" }));
        }

        Command.AssertFails(https, 1, "BadSignature");
    }

    [Test]
    public async Task The_signature_of_a_response_is_bound_to_its_request()
    {
        string request = Write("request", await SignAsync(Request));
        string other = Write("other", await SignAsync(Request.Replace("/orders", "/others", StringComparison.Ordinal)));
        string response = await SignAsync(Response, "--in-reply-to", request);

        CliResult bound = await VerifyAsync(response, "--in-reply-to", request, "--json");
        CliResult elsewhere = await VerifyAsync(response, "--in-reply-to", other);
        CliResult unbound = await VerifyAsync(response);
        CliResult signed = await Command.RunAsync(Encoding.Latin1.GetBytes(Response), "http", "sign", "--key", Folder["ed25519"], "--keyid", "me");

        Assert.That(bound.ExitCode, Is.Zero, bound.Error);
        Assert.That(bound.Json.GetProperty("covered").EnumerateArray().Select(item => item.GetString()), Is.SupersetOf(new[] { "\"@status\"", "\"signature\";req", "\"content-digest\";req" }));
        Command.AssertFails(elsewhere, 1, "BadSignature");
        Command.AssertFails(unbound, 2, "--in-reply-to");
        Command.AssertFails(signed, 2, "--in-reply-to");
        Command.AssertFails(await VerifyAsync(Request, "--in-reply-to", request), 2, "answers none");
        Command.AssertFails(await VerifyAsync(response, "--in-reply-to", Write("response", response)), 2, "is a response");
        Command.AssertFails(await VerifyAsync(response, "--in-reply-to", "-"), 2, "both");
    }

    [Test]
    public async Task A_second_signature_stands_beside_the_first()
    {
        string both = await SignAsync(await SignAsync(Request), "--key", Folder["p256"], "--label", "sig2");

        Assert.That((await VerifyAsync(both, "--label", "sig1")).ExitCode, Is.Zero);
        Assert.That((await VerifyAsync(both, "--label", "sig2", "--key", Folder["p256"])).ExitCode, Is.Zero);
        Command.AssertFails(await SignRawAsync(both), 1, "--label");
    }

    [Test]
    public async Task A_chunked_body_is_signed_as_what_is_in_the_chunks()
    {
        const string Chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
        string signed = await SignAsync(Chunked);

        Assert.That(signed, Does.Contain("sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:").And.EndsWith("\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"));
        Assert.That((await VerifyAsync(signed)).ExitCode, Is.Zero);
        Command.AssertFails(await VerifyAsync(signed.Replace("he\r", "hE\r", StringComparison.Ordinal)), 1, "DigestMismatch");
    }

    [Test]
    public async Task A_target_that_is_a_whole_uri_is_signed_as_such()
    {
        string signed = await SignAsync("GET http://b.example/x HTTP/1.1\r\nHost: a\r\n\r\n");
        CliResult explained = await ExplainAsync(signed, "--json");

        Assert.That(explained.ExitCode, Is.Zero, explained.Error);
        Assert.That(explained.Json.GetProperty("signatures")[0].GetProperty("base").EnumerateArray().Select(line => line.GetString()), Is.SupersetOf(new[] { "\"@target-uri\": http://b.example/x", "\"@authority\": b.example" }));
    }

    [TestCase("mine=\"https://bot.example\"", "\"signature-agent\";key=\"mine\"")]
    [TestCase("\"https://bot.example\"", "\"signature-agent\"")]
    public async Task A_bot_signs_with_the_member_of_signature_agent_that_the_message_has(string agent, string component)
    {
        using Sage.Crypto.PrivateKey key = Sage.Crypto.Pem.ImportPrivateKey(await File.ReadAllBytesAsync(Folder["ed25519"]));
        string request = $"GET / HTTP/1.1\r\nHost: a\r\nSignature-Agent: {agent}\r\n\r\n";
        string[] options = ["--policy", "web-bot-auth", "--label", "mine"];

        string signed = await SignAsync(request, [.. options, "--keyid", key.PublicKey.Thumbprint]);
        CliResult verified = await VerifyAsync(signed, [.. options, "--key", Folder["ed25519"]]);

        Assert.That(signed, Does.Contain($"Signature-Input: mine=(\"@authority\" {component});keyid=\"{key.PublicKey.Thumbprint}\"").And.Contain("tag=\"web-bot-auth\""));
        Assert.That(verified.ExitCode, Is.Zero, verified.Error);
        Command.AssertFails(await SignRawAsync(request, options), 1, key.PublicKey.Thumbprint);
        Command.AssertFails(await SignRawAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n", [.. options, "--keyid", key.PublicKey.Thumbprint]), 1, "Signature-Agent");
    }

    [Test]
    public async Task What_cannot_be_signed_is_said()
    {
        Command.AssertFails(await SignRawAsync(Request, "--policy", "sage", "--key", Folder["x25519"]), 1, "x25519");
        Command.AssertFails(await SignRawAsync(Request, "--key", Folder["secp256k1"]), 1, "secp256k1");
        Command.AssertFails(await SignRawAsync(Request, "--component", "x-absent"), 1, "x-absent");
        Command.AssertFails(await SignRawAsync(Request, "--component", "@nothing"), 2, "@nothing");
        Command.AssertFails(await SignRawAsync(Request, "--label", "Not A Key"), 2);
        Command.AssertFails(await SignRawAsync(Request, "--nonce", "é"), 2);
        Command.AssertFails(await SignRawAsync(Request, "--created", "yesterday"), 2, "yesterday");
        Command.AssertFails(await SignRawAsync(Request + "!"), 1, "something follows");
        Command.AssertFails(await SignRawAsync(Request.Replace("\r\n\r\n", "\r\nContent-Digest: sha-256=:AAAA:\r\n\r\n", StringComparison.Ordinal)), 1, "DigestMismatch");
        await Command.RunAsync("keys", "show", Folder["ed25519"], "--format", "pem");
        CliResult shown = await Command.RunAsync("keys", "show", Folder["ed25519"], "--format", "pem");
        Command.AssertFails(await SignRawAsync(Request, "--key", Write("public", shown.Text)), 1, "public key");
        Command.AssertFails(await SignRawAsync(Request, Folder["absent"]), 3);
    }

    private Task<CliResult> SignRawAsync(string text, params string[] more) => Command.RunAsync(
        Encoding.Latin1.GetBytes(text), ["http", "sign", .. more.Contains("--keyid") ? Array.Empty<string>() : ["--keyid", "me"], .. more.Contains("--key") ? Array.Empty<string>() : ["--key", Folder["ed25519"]], .. more]);
}
