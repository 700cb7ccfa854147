using System.Globalization;
using System.Text;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>What other implementations were seen to do wrong, each refused by a test of that name.</summary>
[TestFixture]
internal sealed class PeerDefectTests
{
    private const string Usual = "(\"@method\" \"@target-uri\" \"@authority\")";

    [TestCase("/a%2Db")]
    [TestCase("/a%7Eb")]
    [TestCase("/a%3Ab")]
    [TestCase("/%61bc")]
    [TestCase("/a/../b")]
    [TestCase("/a//b/./c")]
    [TestCase("/a%2Fb?x=%26&y=a+b")]
    [TestCase("/a?")]
    public async Task The_base_is_built_from_a_decoded_or_normalised_path(string target)
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get(target);
        Assert.That(message.ValueOf("\"@path\""), Is.EqualTo(target.Split('?')[0]));
        Assert.That(message.ValueOf("\"@request-target\""), Is.EqualTo(target));
        Assert.That(message.ValueOf("\"@target-uri\""), Is.EqualTo("https://api.example.com" + target));
        await bench.SignAsync(message);
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.None));
        message.Target = Uri.UnescapeDataString(target) is { } decoded && decoded != target ? decoded : target.Replace("/.", "/", StringComparison.Ordinal) + "x";
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.BadSignature));
    }

    [TestCase("http://example.com/a%2Db/%61bc?x=%7E&y=a+b#f")]
    [TestCase("http://example.com/a/../b/./c//d")]
    [TestCase("http://example.com")]
    [TestCase("http://example.com?")]
    [TestCase("http://example.com/caf\u00e9?q=\u00fc")]
    [TestCase("http://example.com:8080/a%2Fb")]
    public void A_request_of_HttpClient_is_signed_for_another_target_than_is_sent(string text)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(text));
        SignatureContext context = SignatureContext.ForRequest(request);

        Assert.That(context.RequestTarget, Is.EqualTo(request.RequestUri!.PathAndQuery));
        Assert.That(context.Authority, Is.EqualTo(request.RequestUri.Authority));
        Assert.That(context.RequestTarget, Does.StartWith("/").And.Not.Contains("#"));
    }

    [TestCase("API.Example.COM:8443", "https", "api.example.com:8443")]
    [TestCase("API.Example.COM:443", "https", "api.example.com")]
    [TestCase("API.Example.COM:80", "HTTP", "api.example.com")]
    [TestCase("api.example.com:443", "http", "api.example.com:443")]
    [TestCase("api.example.com:", "https", "api.example.com")]
    [TestCase("[2001:DB8::1]:443", "https", "[2001:db8::1]")]
    [TestCase("[2001:DB8::1]", "https", "[2001:db8::1]")]
    public void A_host_with_another_port_is_not_lowered(string host, string scheme, string expected) =>
        Assert.That(new TestMessage { Authority = host, Scheme = scheme }.ValueOf("\"@authority\""), Is.EqualTo(expected));

    [Test]
    public void A_host_outside_ASCII_is_lowered_to_another_one()
    {
        // The Kelvin sign is an upper case k to Unicode.
        Assert.That(new TestMessage { Authority = "API.\u212aelvin.example" }.ValueOf("\"@authority\""), Is.EqualTo("<InvalidComponentValue>"));
        Assert.That(() => SignatureComponent.Field("X-\u212aey"), Throws.ArgumentException);
    }

    [TestCase("1.0", "1.0")]
    [TestCase("1.50", "1.5")]
    [TestCase("@1659578233", "@1659578233")]
    [TestCase("@-62135596800", "@-62135596800")]
    [TestCase("%\"f%c3%bc%c3%bc\"", "%\"f%c3%bc%c3%bc\"")]
    [TestCase("a;x=1.0;y=@0;z=%\"%25\"", "a;x=1.0;y=@0;z=%\"%25\"")]
    public void Decimals_dates_and_display_strings_are_written_wrong_under_sf(string value, string canonical)
    {
        SignaturePolicy policy = SignaturePolicy.Default with { StructuredFields = new Dictionary<string, StructuredFieldType> { ["x"] = StructuredFieldType.Item } };

        Assert.That(TestMessage.Get().Add("X", $"  {value} ").ValueOf("\"x\";sf", policy), Is.EqualTo(canonical));
    }

    [Test]
    public async Task A_culture_changes_what_is_signed()
    {
        using Bench bench = new();
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        strange.NumberFormat.NumberDecimalSeparator = ",";
        strange.NumberFormat.NegativeSign = "minus";
        SignaturePolicy policy = SignaturePolicy.Default with { StructuredFields = new Dictionary<string, StructuredFieldType> { ["x"] = StructuredFieldType.List } };
        TestMessage message = TestMessage.Json().Add("X", "1.5, -2, @-3");
        SigningOverrides overrides = new() { AdditionalComponents = [SignatureComponent.Field("x").AsStructuredField()] };
        try
        {
            CultureInfo.CurrentCulture = strange;
            Assert.That(message.ValueOf("\"x\";sf", policy), Is.EqualTo("1.5, -2, @-3"));
            await bench.SignAsync(message, policy, overrides);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public void Octets_above_127_are_replaced_under_bs()
    {
        TestMessage message = TestMessage.Get().Add("X", " caf\u00e9\u00ff ");

        Assert.That(message.ValueOf("\"x\";bs"), Is.EqualTo($":{Convert.ToBase64String([0x63, 0x61, 0x66, 0xe9, 0xff])}:"));
        Assert.That(TestMessage.Get().Add("X", "\u20ac").ValueOf("\"x\";bs"), Is.EqualTo("<InvalidComponentValue>"), "it has no octet, and ? is another value");
        SignatureContext utf8 = SignatureContext.ForRequest("GET", "https", "a", "/", _ => "\u20ac", fieldEncoding: Encoding.UTF8);
        Assert.That(ValueOf(utf8, "\"x\";bs"), Is.EqualTo(":4oKs:"));
    }

    [Test]
    public void Lines_are_split_or_folded_before_bs_encodes_them() =>
        Assert.That(
            TestMessage.Get().Add("X", "a,  b").Add("X", "c").ValueOf("\"x\";bs"),
            Is.EqualTo($":{Convert.ToBase64String("a,  b"u8)}:, :{Convert.ToBase64String("c"u8)}:"));

    [Test]
    public async Task A_quote_in_a_nonce_or_tag_adds_parameters()
    {
        using Bench bench = new();
        const string Nasty = "a\";tag=\"admin\\";
        TestMessage message = await bench.SignAsync(TestMessage.Get(), overrides: new SigningOverrides { Nonce = Nasty, Tag = "t\";x=\"" });

        SignatureVerificationResult result = await bench.VerifyAsync(message);

        Assert.That((result.Signature?.Nonce, result.Signature?.Tag), Is.EqualTo((Nasty, "t\";x=\"")));
        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Default with { Tag = "admin" }), Is.EqualTo(SignatureError.SignatureNotFound));
    }

    [TestCase("a\nb", null, null)]
    [TestCase("", null, null)]
    [TestCase("caf\u00e9", null, null)]
    [TestCase(null, "a\nb", null)]
    [TestCase(null, null, "Sig1")]
    [TestCase(null, null, "sig1=(), other")]
    [TestCase(null, null, "")]
    public void Text_that_cannot_be_written_is_written(string? nonce, string? tag, string? label)
    {
        using Bench bench = new();

        Assert.That(async () => await bench.SignAsync(TestMessage.Get(), overrides: new SigningOverrides { Nonce = nonce, Tag = tag, Label = label }), Throws.ArgumentException);
    }

    [TestCase("k\nx")]
    [TestCase("caf\u00e9")]
    [TestCase("")]
    public void A_key_id_that_cannot_be_written_is_taken(string keyId)
    {
        using Bench bench = new();

        Assert.That(() => bench.Signer(keyId: keyId), Throws.ArgumentException);
    }

    [TestCase(";x=@999999999999999")]
    [TestCase(";x=@-999999999999999")]
    [TestCase(";x=999999999999.999;y=%\"%f0%9f%92%a9\"")]
    public async Task A_far_date_or_an_odd_parameter_throws(string parameter)
    {
        using Bench bench = new();
        TestMessage message = bench.Forge(TestMessage.Get().Add("D", "x=@999999999999999"), $"(\"@method\" \"@target-uri\" \"@authority\" \"d\";key=\"x\"){Bench.Good}{parameter}");

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task A_req_in_a_request_throws_or_is_ignored() =>
        Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"(\"@method\";req \"@target-uri\" \"@authority\"){Bench.Good}"), Is.EqualTo(SignatureError.ComponentNotCovered));

    [Test]
    public async Task A_signature_from_next_year_is_accepted() =>
        Assert.That(
            await Bench.ClaimAsync(TestMessage.Get(), $"{Usual};created={Bench.Now + 31_536_000};expires={Bench.Now + 31_536_060};nonce=\"n\";keyid=\"k\""),
            Is.EqualTo(SignatureError.CreatedInFuture));

    [Test]
    public async Task A_nonce_is_asked_for_before_the_signature_is_checked()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Get());
        string signature = message.Value("Signature");
        await bench.ErrorAsync(message.Set("Signature", "sig1=:AAAA:"));

        Assert.That(await bench.ErrorAsync(message.Set("Signature", signature)), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task A_target_URI_verifies_on_another_path()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Get("/v1/orders?x=1"));
        message.Target = "/OTHER?x=1";

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.BadSignature));
    }

    [TestCase("\"@scheme\"")]
    [TestCase("\"@authority\"")]
    [TestCase("\"@method\"")]
    [TestCase("\"@request-target\"")]
    [TestCase("\"@target-uri\"")]
    public async Task A_part_that_is_not_known_is_signed_as_empty_text(string component)
    {
        using Bench bench = new();
        TestMessage message = new() { Method = "", Scheme = "", Authority = "", Target = "" };
        SignaturePolicy policy = Vectors.Relaxed.Policy with { RequestComponents = [SignatureComponent.Parse(component)] };

        SignatureException? refused = Assert.ThrowsAsync<SignatureException>(async () => await bench.SignAsync(message, policy));
        Assert.That(refused!.Error, Is.EqualTo(SignatureError.ComponentMissing).Or.EqualTo(SignatureError.InvalidComponentValue));
        Assert.That(await Bench.ClaimAsync(message, $"({component}){Bench.Good}", policy), Is.EqualTo(refused.Error));
    }

    [TestCase("\"@scheme\"")]
    [TestCase("\"@request-target\"")]
    [TestCase("\"@path\"")]
    public async Task A_part_that_is_covered_verifies_whatever_it_is(string component)
    {
        using Bench bench = new();
        SignaturePolicy policy = SignaturePolicy.Default with { RequestComponents = [SignatureComponent.Parse(component)] };
        TestMessage message = await bench.SignAsync(TestMessage.Get(), policy);
        message.Scheme = "http";
        message.Target = "/v1%2Forders";

        Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public void A_path_with_an_escaped_slash_is_another_ones_base() =>
        Assert.That(TestMessage.Get("/v1/orders").ValueOf("\"@path\""), Is.Not.EqualTo(TestMessage.Get("/v1%2Forders").ValueOf("\"@path\"")));

    [TestCase("/p?x=1&x=2")]
    [TestCase("/p?x=1&%78=2")]
    [TestCase("/p?x&x")]
    public void A_query_parameter_that_is_there_twice_is_signed(string target)
    {
        using Bench bench = new();
        SigningOverrides overrides = new() { AdditionalComponents = [SignatureComponent.QueryParam("x")] };

        SignatureException? refused = Assert.ThrowsAsync<SignatureException>(async () => await bench.SignAsync(TestMessage.Get(target), overrides: overrides));
        Assert.That(refused!.Error, Is.EqualTo(SignatureError.AmbiguousQueryParam));
    }

    [TestCase("a b+c", "/p?a%20b%2Bc=1%2B2", "1%2B2")]
    [TestCase("a b+c", "/p?a+b%2bc=1+2", "1%202")]
    [TestCase("\u00e9", "/p?%C3%A9=%c3%a9", "%C3%A9")]
    [TestCase("x", "/p?x=a~b", "a%7Eb")]
    public void A_query_parameter_is_not_encoded_again(string name, string target, string expected) =>
        Assert.That(TestMessage.Get(target).ValueOf(SignatureComponent.QueryParam(name).Identifier), Is.EqualTo(expected));

    [Test]
    public async Task A_component_that_is_named_twice_is_signed_twice()
    {
        using Bench bench = new();
        SignatureComponent method = SignatureComponent.Method;
        SignaturePolicy policy = SignaturePolicy.Default with { RequestComponents = [method, method, SignatureComponent.TargetUri, SignatureComponent.Authority] };
        TestMessage message = await bench.SignAsync(TestMessage.Get(), policy, new SigningOverrides { AdditionalComponents = [method, SignatureComponent.TargetUri] });

        Assert.That((await bench.VerifyAsync(message, policy)).Signature?.Components, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_component_of_the_request_counts_as_one_of_the_response()
    {
        using Bench bench = new();
        TestMessage answer = TestMessage.Answer(TestMessage.Json());
        SignaturePolicy policy = SignaturePolicy.Default with
        {
            ResponseComponents = [SignatureComponent.Field("content-type")],
            RequireContentDigest = false,
            RequireContentType = false,
        };

        Assert.That(await bench.ErrorAsync(bench.Forge(answer, $"(\"content-type\";req){Bench.Good}"), policy), Is.EqualTo(SignatureError.ComponentNotCovered));
    }

    [TestCase(false, true)]
    [TestCase(true, false)]
    public async Task Of_all_signatures_the_last_one_decides(bool first, bool last)
    {
        using Bench bench = new();
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        TestMessage message = TestMessage.Get();
        bench.Forge(message, Usual + Bench.Good, "a", first ? null : other);
        bench.Forge(message, Usual + Bench.Good, "b", last ? null : other);

        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Default with { Match = SignatureMatch.All }), Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task A_parameter_of_a_component_is_silently_left_out()
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get().Add("Signature-Agent", "a=\"https://a.test\", b=\"https://b.test\"");
        SigningOverrides overrides = new() { AdditionalComponents = [SignatureComponent.Field("signature-agent").DictionaryMember("a")] };
        await bench.SignAsync(message, overrides: overrides);

        Assert.That(message.Value("Signature-Input"), Does.Contain("\"signature-agent\";key=\"a\""));
        message.Set("Signature-Agent", "a=\"https://a.test\"");
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.None), "only the member is covered");
        message.Set("Signature-Agent", "a=\"https://b.test\"");
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public void Lines_of_a_field_are_an_error_or_all_but_one_are_lost() =>
        Assert.That(TestMessage.Get().Add("X", " a ").Add("X", "").Add("x", "b\t").ValueOf("\"x\""), Is.EqualTo("a, , b"));

    [Test]
    public async Task Forwarding_fields_of_strangers_are_believed()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Get());
        message.Authority = "internal.example";
        message.Add("X-Forwarded-Host", "api.example.com").Add("X-Forwarded-Proto", "https").Add("Forwarded", "host=api.example.com");

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task A_second_signature_overwrites_the_first()
    {
        using Bench bench = new();
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
        SignatureFields others = await bench.Signer().SignAsync(SignatureContext.ForRequest(request), new SigningOverrides { Label = "gateway" });
        request.Headers.TryAddWithoutValidation("Signature-Input", others.SignatureInput);
        request.Headers.TryAddWithoutValidation("Signature", others.Signature);
        await bench.Signer().SignRequestAsync(request);

        SignatureVerificationResult result = await bench.Verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.Default with { Match = SignatureMatch.All });

        Assert.That(result.Signatures.Select(signature => signature.Label), Is.EqualTo(new[] { "gateway", "sig1" }));
        SignatureException? refused = Assert.ThrowsAsync<SignatureException>(
            async () => await bench.Signer().SignRequestAsync(request, new SigningOverrides { Label = "gateway" }));
        Assert.That(refused!.Error, Is.EqualTo(SignatureError.DuplicateLabel));
    }

    [Test]
    public async Task A_request_that_is_sent_again_carries_its_old_signature_too()
    {
        using Bench bench = new();
        using HttpRequestMessage request = new(HttpMethod.Post, "https://api.example.com/") { Content = new StringContent("{}") };
        await bench.Signer(SignaturePolicy.Sage).SignRequestAsync(request);
        await bench.Verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.Sage);
        await bench.Signer(SignaturePolicy.Sage).SignRequestAsync(request);

        Assert.That(request.Headers.NonValidated["Signature"].Count, Is.EqualTo(1));
        Assert.That(request.Headers.NonValidated["X-SAGE-DID"].ToString(), Is.EqualTo(Bench.Agent));
        Assert.That((await bench.Verifier.VerifyAsync(SignatureContext.ForRequest(request), SignaturePolicy.Sage)).Error, Is.EqualTo(SignatureError.None));
    }

    [TestCase("keyId=\"k\"", SignatureError.MalformedSignatureInput)]
    [TestCase("created=1800000000; expires=1800000060; keyid=\"k\"; nonce=\"n\"; alg=\"rsa-pss-sha256\"", SignatureError.KeyNotFound)]
    public async Task Parameters_in_another_spelling_are_guessed(string parameters, SignatureError expected) =>
        Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"{Usual};{parameters}"), Is.EqualTo(expected));

    [Test]
    public async Task A_digest_waits_for_the_body_on_a_thread()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Json());
        SignatureContext parts = message.ToContext();
        TaskCompletionSource<ReadOnlyMemory<byte>?> body = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SignatureContext context = SignatureContext.ForRequest(
            parts.Method, parts.Scheme, parts.Authority, parts.RequestTarget, parts.Field, BodyPresence.Present, (_, _) => new ValueTask<ReadOnlyMemory<byte>?>(body.Task));

        ValueTask<SignatureVerificationResult> pending = bench.Verifier.VerifyAsync(context);
        Assert.That(pending.IsCompleted, Is.False);
        body.SetResult(message.Body);

        Assert.That((await pending).Error, Is.EqualTo(SignatureError.None));
    }

    private static string ValueOf(SignatureContext context, string identifier)
    {
        SignatureBase.SignatureBaseWriter writer = default;
        SignatureBase.ComponentValue.Write(SignatureComponent.Parse(identifier), context, SignaturePolicy.Default, ref writer);
        string value = Encoding.ASCII.GetString(writer.Written.Span);
        writer.Dispose();
        return value;
    }
}
