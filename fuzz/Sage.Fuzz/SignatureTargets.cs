using System.Text;
using Microsoft.Extensions.Primitives;
using Sage.Crypto;
using Sage.HttpSignatures;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.Fuzz;

/// <summary>Signed messages: the two fields, the base, and a whole request.</summary>
internal static class SignatureTargets
{
    // Between the parts of an input, so that every other byte can stand in a part.
    private const char Separator = '\u001e';

    // test-key-ed25519 of RFC 9421, so that the corpus can hold signatures that are valid.
    private static readonly PublicKey Key = PublicKey.Import(
        KeyAlgorithm.Ed25519, Convert.FromHexString("26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb"));

    private static readonly SignaturePolicy Relaxed = SignaturePolicy.Default with
    {
        Name = "relaxed",
        RequestComponents = [],
        RequireContentType = false,
        RequireContentDigest = false,
        RequireCreated = false,
        RequireExpires = false,
        RequireNonce = false,
        MaxAge = TimeSpan.Zero,
    };

    private static readonly SignaturePolicy[] Policies =
    [
        Relaxed,
        Relaxed with { Match = SignatureMatch.All, RequireContentDigest = true },
        Relaxed with { Match = SignatureMatch.First, Tag = "t", MaxAge = TimeSpan.MaxValue, MaxClockSkew = TimeSpan.MaxValue },
        SignaturePolicy.Default,
        SignaturePolicy.Sage,
    ];

    // The request of RFC 9421 appendix B.2.
    private static readonly string[] Appendix =
    [
        "POST", "example.com", "/foo?param=Value&Pet=dog", "{\"hello\": \"world\"}",
        "host:example.com",
        "date:Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type:application/json",
        "content-digest:sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
        "content-length:18",
    ];

    public static FuzzTarget[] All { get; } =
    [
        new("signature-input", "two fields end in a known error, or in a signature of distinct components", Fields, "sig1=(", "\"@method\"", "\"@query-param\";name=\"Pet\"", ";req", ";sf", ";bs", ";tr", ";key=\"a\"", ")", ";created=1618884473", ";expires=", ";nonce=\"n\"", ";keyid=\"k\"", ";alg=\"ed25519\"", ";tag=\"t\"", "999999999999999", "@999999999999999", "\u001e", "sig1=:AAAA:", ", "),
        new("signature-base", "a base has one printable line per component, and its identifier begins it", Base, "\"@target-uri\" ", "\"@query\" ", "\"x\";bs", "\"x\";sf", "\"x\";key=\"a\"", "\"@query-param\";name=\"a\"", "\u001e", "\n", "\r\n ", "\"@method\": ", "x:", "%0a", "://", "*"),
        new("http-request", "a whole request ends in a known error, the same twice", Request, "\u001e", "signature-input:sig1=(", "signature:sig1=:", "content-digest:sha-256=:", "x-sage-did:", "content-type:", "\"@method\" \"@target-uri\" \"@authority\"", ";nonce=\"n\"", ";keyid=\"k\""),
    ];

    private static void Fields(ReadOnlySpan<byte> input) => Check(WithFields(input));

    /// <summary>Whether the appendix's request counts as signed with these two fields.</summary>
    internal static bool IsSigned(ReadOnlySpan<byte> fields) => Verify(WithFields(fields), Relaxed).IsValid;

    private static string[] WithFields(ReadOnlySpan<byte> input)
    {
        string[] parts = Encoding.Latin1.GetString(input).Split(Separator);
        string signature = parts.Length > 1 ? parts[1] : "";
        return [.. Appendix, $"signature-input:{parts[0]}", $"signature:{signature}"];
    }

    private static void Request(ReadOnlySpan<byte> input) => Check(Encoding.Latin1.GetString(input).Split(Separator));

    private static void Check(string[] parts)
    {
        foreach (SignaturePolicy policy in Policies)
        {
            SignatureVerificationResult result = Verify(parts, policy);
            Oracle.Holds(Enum.IsDefined(result.Error), "an error that is not in the set");
            Oracle.Holds(result.Error is not (SignatureError.NonceStoreUnavailable or SignatureError.KeySourceUnavailable), "a store or a source was asked what it does not take");
            Oracle.Holds(result.IsValid == result.Signatures.Count > 0, "a signature that counts in a message that does not, or none in one that does");
            foreach (VerifiedSignature signature in result.Signatures)
            {
                Oracle.Holds(signature.Components.Distinct().Count() == signature.Components.Count, "a component is covered twice");
                Oracle.Holds(!signature.Components.Any(component => component.IsFromRequest), "a request covers another request");
                Oracle.Holds(ReferenceEquals(signature.Key, Key), "a key that was not given");
            }

            Oracle.Holds(Verify(parts, policy).Error == result.Error, "the same message is judged otherwise the second time");
        }
    }

    private static SignatureVerificationResult Verify(string[] parts, SignaturePolicy policy)
    {
        HttpMessageVerifier verifier = new(new OneKey(), new AnyNonce());
        return verifier.VerifyAsync(Describe(parts), policy).AsTask().GetAwaiter().GetResult();
    }

    // The first part is the list of components, the others are those of the message.
    private static void Base(ReadOnlySpan<byte> input)
    {
        string[] parts = Encoding.Latin1.GetString(input).Split(Separator);
        if (!StructuredField.TryParse(StructuredFieldType.Dictionary, $"a=({parts[0]})", out StructuredField? field)
            || field.Count != 1 || !ReceivedSignature.TryReadComponents(field[0], out SignatureComponent[] components))
        {
            return;
        }

        SignatureBaseWriter writer = default;
        SignatureBaseBuilder.Write(components, "()", Describe(parts[1..]), Relaxed, ref writer);
        string text = Encoding.Latin1.GetString(writer.Written.Span);
        bool written = writer.Error == SignatureError.None;
        writer.Dispose();
        if (!written)
        {
            return;
        }

        string[] lines = text.Split('\n');
        Oracle.Holds(lines.Length == components.Length + 1, "a line was added or lost");
        Oracle.Holds(text.All(character => character is '\n' or '\t' or (>= ' ' and <= '~')), "a character that cannot be printed");
        for (int i = 0; i < components.Length; i++)
        {
            Oracle.Holds(lines[i].StartsWith(components[i].Identifier + ": ", StringComparison.Ordinal), "a line belongs to another component");
        }

        Oracle.Same(lines[^1], "\"@signature-params\": ()", "the last line is not that of the parameters");
    }

    // Method, authority, target, body, and then fields.
    private static SignatureContext Describe(string[] parts)
    {
        string Part(int index) => index < parts.Length ? parts[index] : "";
        byte[] body = Encoding.Latin1.GetBytes(Part(3));
        string[][] fields = [.. parts.Skip(4).Select(part => part.Split(':', 2)).Where(field => field.Length == 2)];
        return SignatureContext.ForRequest(
            Part(0),
            "https",
            Part(1),
            Part(2),
            name => new StringValues([.. fields.Where(field => field[0].Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field[1])]),
            body.Length == 0 ? BodyPresence.None : body[0] % 2 == 0 ? BodyPresence.Unknown : BodyPresence.Present,
            (limit, _) => ValueTask.FromResult<ReadOnlyMemory<byte>?>(body.Length > limit ? null : body));
    }

    private sealed class AnyNonce : INonceStore
    {
        public ValueTask<NonceResult> TryConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken = default)
        {
            Oracle.Holds(scope.Length is > 0 and <= 1024 && nonce.Length is > 0 and <= 1024, "a store would not take this nonce");
            return ValueTask.FromResult(NonceResult.Accepted);
        }
    }

    private sealed class OneKey : IKeyResolver
    {
        public ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default) => ValueTask.FromResult(new KeyResolution
        {
            Status = KeyResolutionStatus.Resolved,
            Subject = "the appendix",
            Keys = [Key],
            ObservedAt = TimeProvider.System.GetUtcNow(),
        });
    }
}
