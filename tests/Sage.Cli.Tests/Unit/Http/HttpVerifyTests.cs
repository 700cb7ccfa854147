using System.Text;
using System.Text.Json;

namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class HttpVerifyTests : HttpFixture
{
    [Test]
    public async Task The_signer_and_what_is_covered_are_printed()
    {
        CliResult verified = await VerifyAsync(await SignAsync(Request));

        Assert.That(verified.ExitCode, Is.Zero, verified.Error);
        Assert.That(verified.Lines, Is.EqualTo(new[]
        {
            "verified   sig1",
            "signer     me",
            "keyid      me",
            "algorithm  ed25519",
            "covered    \"@method\" \"@target-uri\" \"@authority\" \"content-type\" \"content-digest\"",
            "created    2023-11-14 22:13:20Z",
            "expires    2023-11-14 22:14:20Z",
        }));
    }

    [Test]
    public async Task Keys_are_found_by_their_keyid_before_any_that_is_given_for_all()
    {
        string signed = await SignAsync(Request);
        string named = "me=" + Folder["ed25519"];

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await VerifyAsync(signed, "--key", Folder["ed25519"])).ExitCode, Is.Zero);
            Assert.That((await VerifyAsync(signed, "--key", Folder["p256"], "--key", Folder["ed25519"])).ExitCode, Is.Zero, "one of several");
            Assert.That((await VerifyAsync(signed, "--key", named, "--key", Folder["p256"])).ExitCode, Is.Zero);
        }

        Command.AssertFails(await VerifyAsync(signed, "--key", "me=" + Folder["p256"], "--key", Folder["ed25519"]), 1, "AlgorithmMismatch");
        Command.AssertFails(await VerifyAsync(signed, "--key", "you=" + Folder["ed25519"]), 1, "KeyNotFound");
        Command.AssertFails(await VerifyAsync(signed, "--key", Folder["absent"]), 3);
        Command.AssertFails(await VerifyAsync(signed, "--key", "me="), 2);
        Command.AssertFails(await VerifyAsync(signed, "--registry", Folder["absent"]), 3);
    }

    [Test]
    public async Task A_did_key_is_its_own_key()
    {
        using Sage.Crypto.PrivateKey key = Sage.Crypto.Pem.ImportPrivateKey(await File.ReadAllBytesAsync(Folder["ed25519"]));
        string did = "did:key:" + Sage.Crypto.Multikey.Encode(key.PublicKey);
        CliResult signed = await Command.RunAsync(Encoding.Latin1.GetBytes(Request), "http", "sign", "--key", Folder["ed25519"], "--keyid", did);

        CliResult verified = await Command.RunAsync(signed.Output, "http", "verify", "--json");

        Assert.That(verified.ExitCode, Is.Zero, verified.Error);
        Assert.That(verified.Json.GetProperty("subject").GetString(), Is.EqualTo(did));
    }

    [Test]
    public async Task Time_is_that_of_the_option()
    {
        string old = await SignAsync(Request, "--policy", "sage");

        Command.AssertFails(await VerifyAsync(old, "--policy", "sage", "--at", "1700000301"), 1, "TooOld (created is 301 s ago, 300 s are allowed)");
        Command.AssertFails(await VerifyAsync(old, "--policy", "sage", "--at", "1699999699"), 1, "CreatedInFuture");
        Command.AssertFails(await VerifyAsync(await SignAsync(Request), "--any-age", "--at", "1800000000"), 1, "Expired");
        Assert.That((await VerifyAsync(old, "--policy", "sage", "--at", "1800000000", "--any-age")).ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_refusal_is_json_too()
    {
        CliResult refused = await VerifyAsync(Request, "--json");

        Command.AssertFails(refused, 1, "NotSigned");
        Assert.That(refused.Json.GetProperty("verified").GetBoolean(), Is.False);
        Assert.That(refused.Json.GetProperty("error").GetString(), Is.EqualTo("NotSigned"));
    }

    [Test]
    public async Task Every_refusal_of_the_verifier_is_the_first_failed_check_of_the_explanation([ValueSource(nameof(Mutations))] (string Error, string Pattern, string Replacement, string[] Options) mutation)
    {
        string changed = Change(await SignAsync(Request), mutation.Pattern, mutation.Replacement);

        string[] options = [.. mutation.Options.Select(option => option.Replace("SECP", Folder["secp256k1"], StringComparison.Ordinal)), "--json"];
        CliResult verified = await VerifyAsync(changed, options);
        CliResult explained = await ExplainAsync(changed, options);

        JsonElement[] failed = [.. explained.Json.GetProperty("signatures").EnumerateArray().SelectMany(signature => signature.GetProperty("checks").EnumerateArray())
            .Where(check => check.GetProperty("ok").ValueKind == JsonValueKind.False)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(verified.ExitCode, Is.EqualTo(1));
            Assert.That(explained.ExitCode, Is.EqualTo(1));
            Assert.That(verified.Json.GetProperty("error").GetString(), Is.EqualTo(mutation.Error));
            Assert.That(explained.Json.GetProperty("error").GetString(), Is.EqualTo(mutation.Error));
            Assert.That(failed[0].GetProperty("error").GetString(), Is.EqualTo(mutation.Error));
            Assert.That(failed.Select(check => check.GetProperty("advice").GetString()), Has.All.Not.Empty);
        }
    }

    private static IEnumerable<(string Error, string Pattern, string Replacement, string[] Options)> Mutations()
    {
        yield return ("SignatureMissing", "Signature: sig1", "Signature: sig9", []);
        yield return ("MalformedSignature", "Signature: sig1=:.*:", "Signature: sig1=1", []);
        yield return ("InvalidParameter", "created=1", "created=-1", []);
        yield return ("MalformedSignatureInput", "sig1=\\([^)]*\\)", "sig1=1", []);
        yield return ("UnknownComponent", "\"@method\"", "\"@nothing\"", []);
        yield return ("InvalidComponentParameter", "\"content-type\"", "\"content-type\";zz", []);
        yield return ("DuplicateComponent", "\"@method\"", "\"@method\" \"@method\"", []);
        yield return ("TooOld", "hello$", "hello", ["--at", "1700000400"]);
        yield return ("Expired", "hello$", "hello", ["--at", "1700000100"]);
        yield return ("CreatedInFuture", "hello$", "hello", ["--at", "1600000100"]);
        yield return ("CreatedMissing", ";created=1700000000", "", []);
        yield return ("ExpiresMissing", ";expires=1700000060", "", []);
        yield return ("NonceMissing", ";nonce=\"[^\"]*\"", "", []);
        yield return ("ComponentNotCovered", "\"@authority\" ", "", []);
        yield return ("DigestNotCovered", " \"content-digest\"", "", []);
        yield return ("KeyIdMissing", ";keyid=\"me\"", "", []);
        yield return ("WrongAgent", "Host:", "X-SAGE-DID: you\r\nHost:", ["--policy", "sage"]);
        yield return ("KeyNotFound", "keyid=\"me\"", "keyid=\"you\"", []);
        yield return ("ComponentMissing", "\"content-type\"", "\"content-type\" \"x-absent\"", []);
        yield return ("AlgorithmMismatch", "alg=\"ed25519\"", "alg=\"es256k\"", []);
        yield return ("AlgorithmNotAllowed", "hello$", "hello", ["--key", "me=SECP"]);
        yield return ("BadSignature", "/orders", "/others", []);
        yield return ("BadSignature", "Signature: sig1=:.*:", "Signature: sig1=:AAAA:", []);
        yield return ("BadSignature", "Signature: sig1=:.*:", "Signature: sig1=:" + new string('A', 2000) + ":", []);
        yield return ("DigestMismatch", "hello$", "hellO", []);
    }
}
