using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>
/// What a signature must look like to count, and what ours look like: one value for both directions, so that two programs
/// with the same policy understand each other. The ready-made ones are <see cref="Default"/>, <see cref="Sage"/> and
/// <see cref="WebBotAuth"/>; change a rule by name with <c>policy with { RequireNonce = false }</c>.
/// </summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed record SignaturePolicy
{
    /// <summary>The greatest limit a body may have, in bytes: 16 MiB.</summary>
    public const int GreatestBodySize = 16 * 1024 * 1024;

    private readonly int maxBodySize = 1024 * 1024;
    private readonly TimeSpan maxAge = TimeSpan.FromSeconds(300);
    private readonly TimeSpan maxClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Secure without thinking: method, target, authority, content type and the digest of any body are covered; <c>created</c>,
    /// <c>expires</c> and <c>nonce</c> are there; at most 300 s old, at most 5 s ahead; ours expire after 60 s.
    /// </summary>
    public static SignaturePolicy Default { get; } = new() { Name = "default" };

    /// <summary>SAGE profile P1 §3, strict, for requests and responses; the only one that knows <c>es256k</c>.</summary>
    public static SignaturePolicy Sage { get; } = new()
    {
        Name = "sage",
        Match = SignatureMatch.First,
        AlsoSigned = [SignatureComponent.Field("x-sage-did"), SignatureComponent.Field("date")],
        RequireContentType = false,
        RequireRequestSignature = false,
        RequireExpires = false,
        Lifetime = null,
        MaxClockSkew = TimeSpan.FromSeconds(300),
        RequireSageDid = true,
        Algorithms = [KeyAlgorithm.Ed25519, KeyAlgorithm.Secp256k1, KeyAlgorithm.P256],
    };

    /// <summary>
    /// Web Bot Auth (draft-meunier-webbotauth-httpsig-protocol-02): the keys come from the directory that the covered
    /// <c>Signature-Agent</c> names, and <c>@authority</c> or <c>@target-uri</c> is covered.
    /// </summary>
    public static SignaturePolicy WebBotAuth { get; } = new()
    {
        Name = "web-bot-auth",
        Tag = "web-bot-auth",
        RequestComponents = [SignatureComponent.Authority],
        TargetUriCoversAuthority = true,
        RequireContentType = false,
        RequireNonce = false,
        KeysFromSignatureAgent = true,
        MaxAge = TimeSpan.Zero,
        MaxLifetime = TimeSpan.FromHours(24),
        MaxKeyAge = TimeSpan.FromHours(24),
    };

    /// <summary>The signed answer of a key directory (the same draft, §Directory): one signature per key, bound to the authority that was asked.</summary>
    public static SignaturePolicy KeyDirectory { get; } = new()
    {
        Name = "key-directory",
        Tag = "http-message-signatures-directory",
        ResponseComponents = [SignatureComponent.Authority.FromRequest()],
        RequireContentType = false,
        RequireRequestSignature = false,
        MaxAge = TimeSpan.Zero,
        Lifetime = TimeSpan.FromHours(24),
    };

    /// <summary>The name, for logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>The label a signature must have, and ours have; <see langword="null"/> for any, and <c>sig1</c> for ours.</summary>
    public string? Label { get; init; }

    /// <summary>The <c>tag</c> a signature must have, and ours have; <see langword="null"/> for any, and none for ours.</summary>
    public string? Tag { get; init; }

    /// <summary>The <c>keyid</c> a signature must have; <see langword="null"/> for any.</summary>
    public string? KeyId { get; init; }

    /// <summary>Which of several signatures with that label, tag and key must verify.</summary>
    public SignatureMatch Match { get; init; } = SignatureMatch.Any;

    /// <summary>What every signature of a request covers, by name and exact parameters.</summary>
    public IReadOnlyList<SignatureComponent> RequestComponents { get; init; } =
        [SignatureComponent.Method, SignatureComponent.TargetUri, SignatureComponent.Authority];

    /// <summary>What every signature of a response covers; those with <c>req</c> bind it to its request (RFC 9421 §2.4).</summary>
    public IReadOnlyList<SignatureComponent> ResponseComponents { get; init; } =
    [
        SignatureComponent.Status,
        SignatureComponent.Method.FromRequest(),
        SignatureComponent.TargetUri.FromRequest(),
        SignatureComponent.Authority.FromRequest(),
    ];

    /// <summary>What our signatures of requests cover besides, where the message has it.</summary>
    public IReadOnlyList<SignatureComponent> AlsoSigned { get; init; } = [];

    /// <summary>Whether <c>content-type</c> must be covered when the message has it. Ours always cover it.</summary>
    public bool RequireContentType { get; init; } = true;

    /// <summary>Whether <c>content-digest</c> must be covered when the message has a body, and in a response that of the request's body too.</summary>
    public bool RequireContentDigest { get; init; } = true;

    /// <summary>Whether a response must cover the <c>Signature</c> field of a signed request. Ours always do.</summary>
    public bool RequireRequestSignature { get; init; } = true;

    /// <summary>Whether covering <c>@target-uri</c> counts as covering <c>@authority</c>.</summary>
    public bool TargetUriCoversAuthority { get; init; }

    /// <summary>Whether <c>created</c> must be there.</summary>
    public bool RequireCreated { get; init; } = true;

    /// <summary>Whether <c>expires</c> must be there. It is checked whenever it is.</summary>
    public bool RequireExpires { get; init; } = true;

    /// <summary>Whether a request must have a <c>nonce</c>. One that is there is used up whenever a nonce store is at hand.</summary>
    public bool RequireNonce { get; init; } = true;

    /// <summary>How old a signature may be, by its <c>created</c>; zero for any age.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MaxAge
    {
        get => maxAge;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            maxAge = value;
        }
    }

    /// <summary>How far <c>created</c> may lie ahead of our clock.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MaxClockSkew
    {
        get => maxClockSkew;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            maxClockSkew = value;
        }
    }

    /// <summary>How long after <c>created</c> a signature may expire; <see langword="null"/> for no limit.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>How long after <c>created</c> ours expire; <see langword="null"/> to send no <c>expires</c>.</summary>
    public TimeSpan? Lifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The algorithms that count. The algorithm is the key's; an <c>alg</c> that says otherwise is refused.</summary>
    public IReadOnlyList<KeyAlgorithm> Algorithms { get; init; } = [KeyAlgorithm.Ed25519, KeyAlgorithm.P256, KeyAlgorithm.P384, KeyAlgorithm.RsaPssSha512];

    /// <summary>
    /// Whether a secret shared by signer and verifier counts (<c>hmac-sha256</c>). Off in every ready-made policy: whoever can
    /// verify such a signature can make one.
    /// </summary>
    public bool AllowHmac { get; init; }

    /// <summary>How old the answer of the key resolver may be.</summary>
    public TimeSpan MaxKeyAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether keys come from the directory of the covered <c>Signature-Agent</c> instead of the key resolver.</summary>
    public bool KeysFromSignatureAgent { get; init; }

    /// <summary>Whether an <c>X-SAGE-DID</c> field, where there is one, must name the DID of the <c>keyid</c> (SAGE profile P1 §3.5).</summary>
    public bool RequireSageDid { get; init; }

    /// <summary>The authorities a request may be for; empty for any. <c>@authority</c> or <c>@target-uri</c> is then covered.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The types of structured fields that no standard defines, by lower-case name, for components with <c>sf</c>.</summary>
    public IReadOnlyDictionary<string, StructuredFieldType> StructuredFields { get; init; } = new Dictionary<string, StructuredFieldType>();

    /// <summary>The longest body that is digested, in bytes: 1 MiB unless told, at most <see cref="GreatestBodySize"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or too great.</exception>
    public int MaxBodySize
    {
        get => maxBodySize;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, GreatestBodySize);
            maxBodySize = value;
        }
    }
}
