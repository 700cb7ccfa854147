using System.Text;
using Sage.HttpSignatures;

namespace Sage.Interop.Tests.Judges;

/// <summary>
/// The generated table: the same cases in every run. It holds only what the library does as RFC 9421 says;
/// where it does otherwise, <see cref="JudgeDefectTests"/> says so.
/// </summary>
internal static class JudgeCases
{
    public const string HttpMessageSignatures = "http-message-signatures";
    public const string WebBotAuth = "web-bot-auth";

    // Every algorithm has messages of its own.
    private const int PerAlgorithm = 20;

    /// <summary>The types of the fields that are covered with <c>sf</c>.</summary>
    public static readonly IReadOnlyDictionary<string, StructuredFieldType> Types = new Dictionary<string, StructuredFieldType>
    {
        ["x-dict"] = StructuredFieldType.Dictionary,
        ["x-list"] = StructuredFieldType.List,
        ["x-item"] = StructuredFieldType.Item,
    };

    public static IEnumerable<JudgeCase> All() =>
        from indexed in JudgeAlgorithm.All.Index()
        from library in (string[])[HttpMessageSignatures, WebBotAuth]
        where library == HttpMessageSignatures || indexed.Item.IsKnownToWebBotAuth
        from seed in Enumerable.Range(indexed.Index * PerAlgorithm, PerAlgorithm)
        select Make(library, indexed.Item.Name, seed);

    /// <summary>Those of them that the library can sign.</summary>
    public static IEnumerable<JudgeCase> TheySign() =>
        All().Where(item => JudgeAlgorithm.All.Single(algorithm => algorithm.Name == item.Algorithm).IsSignedRightBy(item.Library));

    private static JudgeCase Make(string library, string algorithm, int seed)
    {
        Dice dice = new(seed);
        bool isBotAuth = library == WebBotAuth;

        // web-bot-auth signs requests only.
        bool isResponse = !isBotAuth && seed % 3 == 2;
        JudgedMessage request = Request(dice, isBotAuth);
        List<SignatureComponent> components = RequestComponents(dice, request, isBotAuth);
        JudgedMessage message = request;
        if (isResponse)
        {
            // Our answers to a signed request cover its signature.
            request = dice.Coin() ? request.With("Signature-Input", "sig1=(\"@method\");keyid=\"client\"").With("Signature", "sig1=:AAEC:") : request;
            components = request.Has("signature") ? [.. components, SignatureComponent.Field("signature")] : components;
            message = Fields(dice, new JudgedMessage { Status = dice.Pick(200, 201, 404, 503), Request = request }, isBotAuth);
            components = [.. components.Select(component => component.FromRequest()), SignatureComponent.Status, .. FieldComponents(dice, message, isBotAuth)];
        }

        return new JudgeCase(library, algorithm, seed)
        {
            Message = isResponse || Covers(components, "@target-uri") ? message : Unnormalized(dice, message),
            Components = components,
            Label = dice.Pick("sig1", "sig-b2", "a_label"),
            KeyId = dice.Pick("key-1", "did:example:123#key-1", "a \"quoted\" \\ name"),
            HasExpires = isBotAuth || dice.Coin(),
            Nonce = isBotAuth ? Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('n', 64))) : dice.Pick(null, "n-0123456789", "a\"b\\c"),
            Tag = isBotAuth ? "web-bot-auth" : dice.Pick(null, "app", "a \"tag\""),
            SaysAlgorithm = isBotAuth || dice.Coin(),
        };
    }

    private static JudgedMessage Request(Dice dice, bool isBotAuth)
    {
        JudgedMessage request = new()
        {
            Method = dice.Pick("GET", "POST", "DELETE", "PURGE"),
            Scheme = dice.Pick("https", "http"),
            Authority = dice.Pick("example.com", "example.com:8443", "127.0.0.1:8080", "[2001:db8::1]:9443", "xn--bcher-kva.example"),
            Target = dice.Pick(
                "/", "/a%2Fb%20c", "/caf%C3%A9/%7Euser/-._~", "/a;b=c,d:e@f!$&'()*+=~", "//double//slash", "/orders?x=1&y=two", "/orders?", "/?",
                "/search?q=a%20b&q2=c+d&e=&na+me=%C3%BC", "/p?a=%2F%3F&b=x/y?z", "/p?a=1&&b"),
        };
        return Fields(dice, request, isBotAuth);
    }

    private static JudgedMessage Fields(Dice dice, JudgedMessage message, bool isBotAuth)
    {
        // Not trimmed and not told from an absent one by web-bot-auth.
        message = message.With("X-Plain", isBotAuth ? "some text; with = signs" : " \t some text; with = signs\t ");
        message = dice.Coin() ? message.With("X-Empty", "") : message;
        message = dice.Coin() ? message.With("x-many", "a").With("X-Many", "b,c").With("x-many", "\"d\"") : message.With("x-many", "a");
        message = message.With("X-Dict", dice.Pick("a=1,   b=2;x=1;y=2, c=(a   b c), d", "a=(\"x\" y);q=0.5,d;e=?0, b=:AAEC:"));
        message = dice.Coin() ? message.With("X-Dict", "e=\"last \\\" one\"") : message;
        message = message.With("X-List", dice.Pick("\"a\",tok;q=0.5,   (1 2);z", "1.25, -3 ,?1;a=*b/c", "sugar, tea,rum"));
        message = message.With("X-Item", dice.Pick("?1;a=b", ":aGk=:", "12345;x=\"y\"", "\"text\""));
        message = dice.Coin() ? message.With("X-Bytes", "  one, two ").With("X-Bytes", "three") : message.With("X-Bytes", "one");
        if (dice.Coin())
        {
            string body = dice.Pick("""{"hello":"world"}""", "körper");
            byte[] bytes = Encoding.UTF8.GetBytes(body);
            string digest = dice.Coin() ? ContentDigest.Compute(bytes) : ContentDigest.Compute(bytes, DigestAlgorithm.Sha256, DigestAlgorithm.Sha512);
            message = (message with { Body = body }).With("Content-Type", "application/json").With(ContentDigest.FieldName, digest);
        }

        return message;
    }

    private static List<SignatureComponent> RequestComponents(Dice dice, JudgedMessage request, bool isBotAuth)
    {
        string query = request.Target.Contains('?') ? request.Target[(request.Target.IndexOf('?') + 1)..] : "";
        List<SignatureComponent> derived =
        [
            SignatureComponent.Method, SignatureComponent.TargetUri, SignatureComponent.Authority, SignatureComponent.Scheme, SignatureComponent.Path,
        ];

        // Both libraries read URLs as browsers do, and so lose a question mark without a query.
        if (!request.Target.EndsWith('?'))
        {
            derived.Add(SignatureComponent.RequestTarget);
        }

        if (!isBotAuth)
        {
            derived.Add(SignatureComponent.Query);
            derived.AddRange(query.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => SignatureComponent.QueryParam(pair.Split('=')[0].Replace('+', ' '))));
        }
        else if (query.Length > 0)
        {
            derived.Add(SignatureComponent.Query);
        }

        return [.. dice.Some(derived), .. FieldComponents(dice, request, isBotAuth)];
    }

    private static List<SignatureComponent> FieldComponents(Dice dice, JudgedMessage message, bool isBotAuth)
    {
        List<SignatureComponent> fields = [.. ((string[])["X-Plain", "x-empty", "x-many"]).Where(message.Has).Select(SignatureComponent.Field)];
        if (!isBotAuth)
        {
            SignatureComponent dictionary = SignatureComponent.Field("x-dict");
            fields.AddRange(
            [
                dictionary, dictionary.AsStructuredField(), dictionary.DictionaryMember("a"), dictionary.DictionaryMember("b"), dictionary.DictionaryMember("d"),
                SignatureComponent.Field("x-list").AsStructuredField(), SignatureComponent.Field("x-item").AsStructuredField(),
                SignatureComponent.Field("x-bytes").AsByteSequences(), SignatureComponent.Field("x-many").AsByteSequences(),
            ]);
        }

        List<SignatureComponent> chosen = dice.Some(fields);
        if (message.Body.Length > 0)
        {
            chosen.Add(SignatureComponent.Field(ContentDigest.FieldName));
        }

        return chosen;
    }

    // The same authority in another spelling; libraries take @target-uri as it is given to them, so only without it.
    private static JudgedMessage Unnormalized(Dice dice, JudgedMessage message) =>
        message.Authority == "example.com"
            ? message with { Authority = dice.Pick("example.com", "Example.COM", message.Scheme == "https" ? "example.com:443" : "example.com:80") }
            : message;

    private static bool Covers(IEnumerable<SignatureComponent> components, string name) => components.Any(component => component.Name == name);
}
