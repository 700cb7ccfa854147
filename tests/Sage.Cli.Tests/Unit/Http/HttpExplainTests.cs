using System.Text.Json;

namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class HttpExplainTests : HttpFixture
{
    [Test]
    public async Task The_base_is_shown_line_by_line_and_every_check_in_order()
    {
        CliResult explained = await ExplainAsync(await SignAsync(Request, "--nonce", "n"));

        Assert.That(explained.ExitCode, Is.Zero, explained.Error);
        Assert.That(explained.Lines, Is.EqualTo(new[]
        {
            "signature sig1",
            "  parameters",
            "    keyid    \"me\"",
            "    alg      \"ed25519\"",
            "    created  1700000000",
            "    expires  1700000060",
            "    nonce    \"n\"",
            "  signature base",
            "    \"@method\": POST",
            "    \"@target-uri\": https://api.example/orders?x=1",
            "    \"@authority\": api.example",
            "    \"content-type\": text/plain",
            "    \"content-digest\": sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:",
            "    \"@signature-params\": (\"@method\" \"@target-uri\" \"@authority\" \"content-type\" \"content-digest\");keyid=\"me\";alg=\"ed25519\";created=1700000000;expires=1700000060;nonce=\"n\"",
            "  checks",
            "    pass syntax",
            "    pass components 5 covered",
            "    pass times      created 0 s ago, expires in 60 s",
            "    pass coverage",
            "    pass signer     me",
            "    pass key        ed25519 of me (given)",
            "    pass base       6 lines",
            "    pass algorithm  alg is 'ed25519', the key's algorithm ed25519",
            "    pass signature  64 bytes",
            "    pass digest",
            "verified: sig1 by me",
        }));
    }

    [Test]
    public async Task Everything_that_is_not_covered_is_named_at_once()
    {
        string signed = Change(await SignAsync(Request, "--nonce", "n"), "\\(\"@method\".*\\);keyid", "();keyid");
        signed = Change(signed, ";nonce=\"n\"", "");

        CliResult explained = await ExplainAsync(signed, "--json");

        Assert.That(CheckOf(explained, "coverage").GetProperty("advice").GetString(), Is.EqualTo(
            "add a nonce; cover \"@method\"; cover \"@target-uri\"; cover \"@authority\"; cover \"content-type\"; cover \"content-digest\""));
    }

    [Test]
    public async Task A_body_that_was_changed_is_told_by_both_digests()
    {
        CliResult explained = await ExplainAsync(Change(await SignAsync(Request), "hello$", "hellO"), "--json");

        Assert.That(CheckOf(explained, "signature").GetProperty("ok").GetBoolean(), Is.True);
        Assert.That(CheckOf(explained, "digest").GetProperty("note").GetString(), Is.EqualTo(
            "the body's is sha-256=:BKb1X6zi9Gvowj9ifVOYJ2FYUeEHUbY+xZ220scGt3A=:, the field says sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"));
    }

    [Test]
    public async Task A_value_that_differs_cannot_be_known_so_all_of_them_are_named()
    {
        CliResult explained = await ExplainAsync(Change(await SignAsync(Request), "Host: API.example", "Host: other.example"), "--json");

        Assert.That(CheckOf(explained, "signature").GetProperty("advice").GetString(), Does.Contain("\"@method\" \"@target-uri\" \"@authority\" \"content-type\" \"content-digest\""));
        Assert.That(CheckOf(explained, "digest").GetProperty("ok").GetBoolean(), Is.True);
    }

    [Test]
    public async Task A_component_that_the_message_lacks_is_marked_in_the_base()
    {
        CliResult explained = await ExplainAsync(Change(await SignAsync(Request), "\"content-type\"", "\"content-type\" \"x-absent\""));

        Assert.That(explained.Lines, Has.One.EqualTo("    \"x-absent\": <ComponentMissing>"));
        Assert.That(explained.Lines, Has.One.EqualTo("    \"content-type\": text/plain"));
        Assert.That(explained.Lines, Has.One.StartsWith("    -    signature"));
        Assert.That(explained.Lines[^1], Does.StartWith("refused: ComponentMissing"));
    }

    [Test]
    public async Task Several_labels_are_explained_and_those_that_do_not_count_are_marked()
    {
        string both = await SignAsync(await SignAsync(Request), "--label", "sig2", "--tag", "t");

        CliResult all = await ExplainAsync(both, "--json");
        CliResult tagged = await ExplainAsync(both, "--tag", "t", "--json");
        CliResult first = await ExplainAsync(both, "--policy", "sage", "--json");

        Assert.That(Counting(all), Is.EqualTo(new[] { "sig1", "sig2" }));
        Assert.That(Counting(tagged), Is.EqualTo(new[] { "sig2" }));
        Assert.That(Counting(first), Is.EqualTo(new[] { "sig1" }));
    }

    [Test]
    public async Task A_message_without_signature_has_nothing_to_explain_but_that()
    {
        CliResult explained = await ExplainAsync(Request);

        Command.AssertFails(explained, 1, "NotSigned");
        Assert.That(explained.Lines, Is.EqualTo(new[] { "refused: NotSigned: sign the message: it has neither Signature-Input nor Signature" }));
    }

    [Test]
    public void Every_error_has_an_advice([Values] Sage.HttpSignatures.SignatureError error)
    {
        if (error != Sage.HttpSignatures.SignatureError.None)
        {
            Assert.That(CheckAdvice.For(error), Is.Not.Empty);
        }
    }

    private static IEnumerable<string?> Counting(CliResult explained) => explained.Json.GetProperty("signatures").EnumerateArray()
        .Where(signature => signature.GetProperty("counts").GetBoolean()).Select(signature => signature.GetProperty("label").GetString());

    private static JsonElement CheckOf(CliResult explained, string name) => explained.Json.GetProperty("signatures")[0].GetProperty("checks").EnumerateArray()
        .Single(check => check.GetProperty("check").GetString() == name);
}
