using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Properties;

[TestFixture]
internal sealed class SignatureProperties
{
    [FsCheck.NUnit.Property(Arbitrary = [typeof(Generators)], MaxTest = 300)]
    public void What_is_signed_verifies(Sample sample)
    {
        using Bench bench = new(sample.Algorithm);
        TestMessage message = Sign(bench, sample);

        SignatureVerificationResult result = Verify(bench, message, sample.Policy);

        Assert.That(result.Error, Is.EqualTo(SignatureError.None), $"{result.Detail} {message.Value("Signature-Input")}");
        Assert.That(result.Signature!.Key, Is.EqualTo(bench.Key.PublicKey));
        Assert.That(result.Signature.Covers(SignatureComponent.Field("x-value")), Is.True);
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Generators)], MaxTest = 300)]
    public void Whatever_is_changed_is_refused(Sample sample, Change change)
    {
        using Bench bench = new(sample.Algorithm);
        TestMessage message = Sign(bench, sample);
        string changed = change.Apply(message);

        SignatureVerificationResult result = Verify(bench, message, sample.Policy);

        Assert.That(result.IsValid, Is.False, changed);
        Assert.That(((InMemoryNonceStore)bench.Nonces).Count, Is.Zero, changed);
        Assert.That(result.Signatures, Is.Empty);
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Generators)], MaxTest = 300)]
    public void The_base_is_that_of_a_builder_written_from_the_RFC(Sample sample)
    {
        TestMessage message = sample.ToMessage();
        message.Add("X-Value", "second");
        SignatureComponent[] components =
        [
            SignatureComponent.Method, SignatureComponent.TargetUri, SignatureComponent.Authority, SignatureComponent.Scheme, SignatureComponent.RequestTarget,
            SignatureComponent.Path, SignatureComponent.Query, SignatureComponent.Field("x-value"), SignatureComponent.Field("x-value").AsByteSequences(),
        ];

        (string? text, SignatureError error) = message.Base(components, "();created=1");

        Assert.That(error, Is.EqualTo(SignatureError.None));
        Assert.That(text, Is.EqualTo(Reference(message)));
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Generators)], MaxTest = 500)]
    public void An_identifier_reads_as_it_was_written(SignatureComponent component)
    {
        Assert.That(SignatureComponent.TryParse(component.Identifier, out SignatureComponent? again), component.Identifier);
        Assert.That(again, Is.EqualTo(component));
        Assert.That(again!.Identifier, Is.EqualTo(component.Identifier));
        Assert.That(again.IsFromRequest, Is.EqualTo(component.IsFromRequest));
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void Arbitrary_text_is_an_identifier_or_none(string? text)
    {
        if (SignatureComponent.TryParse(text ?? "", out SignatureComponent? component))
        {
            Assert.That(component.Identifier, Is.EqualTo(text));
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void A_query_parameter_is_found_by_its_decoded_name(NonNull<string> name, NonNull<string> value)
    {
        // A lone surrogate has no octets.
        string wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name.Get));
        string target = $"/?{Uri.EscapeDataString(wellFormed)}={Uri.EscapeDataString(value.Get)}&other=1";
        string found = TestMessage.Get(target).ValueOf(SignatureComponent.QueryParam(wellFormed).Identifier);

        // With no name and no value at all there is a parameter still: the equals sign.
        string expected = wellFormed == "other" ? "<AmbiguousQueryParam>" : Encode(value.Get);
        Assert.That(found, Is.EqualTo(expected), target);
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void A_digest_is_that_of_its_body_and_of_no_other(byte[] body, bool wide, byte change, int at)
    {
        DigestAlgorithm algorithm = wide ? DigestAlgorithm.Sha512 : DigestAlgorithm.Sha256;
        string field = ContentDigest.Compute(body, algorithm);
        Assert.That(ContentDigest.Verify(field, body), Is.EqualTo(SignatureError.None));
        byte[] other = [.. body, 0];
        other[(int)((uint)at % (uint)other.Length)] ^= change;
        Assert.That(ContentDigest.Verify(field, other), Is.EqualTo(SignatureError.DigestMismatch));
    }

    private static TestMessage Sign(Bench bench, Sample sample)
    {
        SigningOverrides overrides = new() { AdditionalComponents = [SignatureComponent.Field("x-value")] };
        return bench.SignAsync(sample.ToMessage(), sample.Policy, overrides).GetAwaiter().GetResult();
    }

    private static SignatureVerificationResult Verify(Bench bench, TestMessage message, SignaturePolicy policy) =>
        bench.VerifyAsync(message, policy).GetAwaiter().GetResult();

    // Straight from sections 2.1 to 2.5, for messages with a target in origin form.
    private static string Reference(TestMessage message)
    {
        int question = message.Target.IndexOf('?', StringComparison.Ordinal);
        string authority = message.Authority.ToLowerInvariant();
        string port = message.Scheme == "https" ? ":443" : ":80";
        authority = authority.EndsWith(port, StringComparison.Ordinal) ? authority[..^port.Length] : authority;
        string[] values = [.. message.Fields.Where(field => field.Name == "X-Value").Select(field => field.Value.Trim(' ', '\t'))];
        StringBuilder text = new();
        text.Append("\"@method\": ").Append(message.Method).Append('\n');
        text.Append("\"@target-uri\": ").Append(message.Scheme).Append("://").Append(authority).Append(message.Target).Append('\n');
        text.Append("\"@authority\": ").Append(authority).Append('\n');
        text.Append("\"@scheme\": ").Append(message.Scheme).Append('\n');
        text.Append("\"@request-target\": ").Append(message.Target).Append('\n');
        text.Append("\"@path\": ").Append(question < 0 ? message.Target : message.Target[..question]).Append('\n');
        text.Append("\"@query\": ").Append(question < 0 ? "?" : message.Target[question..]).Append('\n');
        text.Append("\"x-value\": ").AppendJoin(", ", values).Append('\n');
        text.Append("\"x-value\";bs: ").AppendJoin(", ", values.Select(value => $":{Convert.ToBase64String(Encoding.Latin1.GetBytes(value))}:")).Append('\n');
        text.Append("\"@signature-params\": ();created=1");
        return text.ToString();
    }

    private static string Encode(string value)
    {
        StringBuilder text = new();
        foreach (byte octet in Encoding.UTF8.GetBytes(value))
        {
            bool plain = char.IsAsciiLetterOrDigit((char)octet) || "*-._".Contains((char)octet, StringComparison.Ordinal);
            text.Append(plain ? ((char)octet).ToString() : string.Create(CultureInfo.InvariantCulture, $"%{octet:X2}"));
        }

        return text.ToString();
    }

    internal sealed record Sample(
        string Method, string Scheme, string Authority, string Target, string Value, byte[] Body, string ContentType, KeyAlgorithm Algorithm, SignaturePolicy Policy)
    {
        public TestMessage ToMessage()
        {
            TestMessage message = new()
            {
                Method = Method,
                Scheme = Scheme,
                Authority = Authority,
                Target = Target,
                Body = [.. Body],
                Fields = [("Content-Type", ContentType), ("X-Value", Value), ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"), ("X-SAGE-DID", Bench.Agent)],
            };
            return Body.Length > 0 ? message.Add("Content-Digest", ContentDigest.Compute(Body)) : message;
        }
    }

    /// <summary>One byte of one covered thing is changed.</summary>
    internal sealed record Change(int What, int At, int By)
    {
        public string Apply(TestMessage message)
        {
            switch (What)
            {
                case 0:
                    message.Method = Text(message.Method);
                    return $"method {message.Method}";
                case 1:
                    message.Target = "/" + Text(message.Target + "z")[1..] + "z";
                    return $"target {message.Target}";
                case 2:
                    message.Authority = "y" + message.Authority;
                    return $"authority {message.Authority}";
                case 3:
                    message.Set("X-Value", Text($"v{message.Value("X-Value").Trim()}v"));
                    return $"value {message.Value("X-Value")}";
                case 4 when message.Body.Length > 0:
                    message.Body[Index(message.Body.Length)] ^= (byte)By;
                    return "body";
                case 4:
                    message.Body = [(byte)By];
                    return "body where there was none";
                case 5:
                    message.Set("Content-Type", Text(message.Value("Content-Type")));
                    return $"content type {message.Value("Content-Type")}";
                case 6:
                    message.Set("Signature-Input", Text(message.Value("Signature-Input")));
                    return $"input {message.Value("Signature-Input")}";
                case 7:
                    message.Scheme = message.Scheme == "https" ? "http" : "https";
                    return "scheme";
                default:
                    byte[] signature = Convert.FromBase64String(message.Value("Signature")["sig1=:".Length..^1]);
                    signature[Index(64)] ^= (byte)By;
                    message.Set("Signature", $"sig1=:{Convert.ToBase64String(signature)}:");
                    return "signature";
            }
        }

        private int Index(int length) => At % length;

        // Another printable character in its place.
        private string Text(string text)
        {
            char[] characters = text.ToCharArray();
            int at = Index(characters.Length);
            char other = (char)('!' + ((characters[at] - '!' + 1 + (By % 93)) % 94));
            characters[at] = other;
            return new string(characters);
        }
    }

    private static class Generators
    {
        private static readonly Gen<string> Targets =
            from pieces in Gen.Elements("a", "b/", "%2F", "%61", "%7e", "..", "./", "//", "~", "caf%C3%A9", ":", "@", ";x=1", "+").ArrayOf()
            from query in Gen.Elements("", "?", "?x=1", "?x=%26&y=a+b", "?&&=", "?a=b?c", "?%41=1")
            select "/" + string.Concat(pieces) + query;

        private static readonly Gen<string> Values =
            Gen.Choose(' ', '~').Select(static c => (char)c).ArrayOf().Select(static text => new string(text));

        public static Arbitrary<Sample> Samples() => Arb.From(
            (from method in Gen.Elements("GET", "POST", "PUT", "get", "M-SEARCH", "X!#$")
             from scheme in Gen.Elements("https", "http")
             from authority in Gen.Elements("example.com", "API.Example.com:8443", "example.com:443", "example.com:80", "[2001:DB8::1]:8080", "localhost")
             from target in Targets
             from value in Values
             from body in Gen.OneOf(Gen.Constant(Array.Empty<byte>()), ArbMap.Default.GeneratorFor<byte[]>().Select(static bytes => bytes ?? []))
             from type in Gen.Elements("application/json", "text/plain; charset=utf-8", "a/b")
             from algorithm in Gen.Elements(KeyAlgorithm.Ed25519, KeyAlgorithm.P256, KeyAlgorithm.P384)
             from policy in Gen.Elements(
                 SignaturePolicy.Default,
                 SignaturePolicy.Sage with { Algorithms = SignaturePolicy.Default.Algorithms },
                 SignaturePolicy.Default with { Label = "sig1", Match = SignatureMatch.All, Tag = "t" },
                 SignaturePolicy.Default with { Lifetime = TimeSpan.FromSeconds(1), Audiences = [], RequireContentType = false })
             select new Sample(method, scheme, authority, target, value, body, type, algorithm, policy with { RequireContentType = true })).Resize(20));

        public static Arbitrary<Change> Changes() => Arb.From(
            from what in Gen.Choose(0, 8)
            from at in Gen.Choose(0, 10_000)
            from difference in Gen.Choose(1, 255)
            select new Change(what, at, difference));

        public static Arbitrary<SignatureComponent> Components() => Arb.From(Gen.OneOf(
            from name in Gen.Elements("a", "x-y", "content-digest", "!#$%&'*+-.^_`|~", new string('n', 128))
            from parameters in Gen.Elements("", ";sf", ";bs", ";key=\"a*-_.9\"", ";key=\"x y\\\"z\\\\\"", ";sf;key=\"k\"")
            from trailer in Gen.Elements("", ";tr")
            from request in Gen.Elements("", ";req")
            select SignatureComponent.Parse($"\"{name}\"{request}{parameters}{trailer}"),
            from derived in Gen.Elements(SignatureComponent.Method, SignatureComponent.TargetUri, SignatureComponent.Authority, SignatureComponent.Query)
            from request in Gen.Elements(true, false)
            select request ? derived.FromRequest() : derived,
            from text in ArbMap.Default.GeneratorFor<string>()
            select SignatureComponent.QueryParam(text ?? "")));
    }
}
