using System.Diagnostics.CodeAnalysis;
using Sage.Crypto;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures;

/// <summary>
/// One member of the <c>Signature-Agent</c> field of Web Bot Auth (draft-meunier-webbotauth-httpsig-protocol-02): where the
/// keys of whoever signed are published. It proves nothing alone; a signature must cover it.
/// </summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed class SignatureAgent
{
    /// <summary>The most members of a field.</summary>
    public const int MaxMembers = 8;

    /// <summary>The longest field, in characters, all lines joined.</summary>
    public const int MaxFieldLength = 2048;

    private const string TypeParameter = "type";

    private static readonly StructuredFieldLimits Limits = new(
        MaxFieldLength, MaxMembers, InnerListItems: 8, Parameters: 8, KeyLength: 64, StringLength: AgentUrl.MaxLength, TokenLength: 64, ByteSequenceLength: 64);

    private SignatureAgent(string label, Uri uri, SignatureAgentType type)
    {
        Label = label;
        Uri = uri;
        Type = type;
        Location = type == SignatureAgentType.Directory ? new Uri(uri, KeyDirectory.WellKnownPath) : uri;
        Identifier = AgentUrl.Normalize(Location);
    }

    /// <summary>The key of the member, which a signature covers as <c>"signature-agent";key="label"</c>; empty for the legacy form, which a signature covers as a whole.</summary>
    public string Label { get; }

    /// <summary>The URL: an origin for <see cref="SignatureAgentType.Directory"/>, a whole URL otherwise.</summary>
    public Uri Uri { get; }

    /// <summary>What the URL leads to.</summary>
    public SignatureAgentType Type { get; }

    /// <summary>
    /// What identifies the agent: the URL of the document with its keys, without query, normalised (RFC 3986 §6.2.2, §6.2.3).
    /// A key belongs to this and its thumbprint together, never to a thumbprint alone.
    /// </summary>
    public string Identifier { get; }

    /// <summary>The URL of the document as it was named, with its query.</summary>
    internal Uri Location { get; }

    /// <summary>Reads a field in either form, with https URLs only.</summary>
    /// <param name="lines">The lines of the field in the order received; none is a field without members.</param>
    /// <param name="agents">The members of known types, in the order of the field.</param>
    /// <returns><see langword="false"/> if the field is malformed: not a dictionary or string, over a limit, a member twice, or a URL that its type does not allow.</returns>
    public static bool TryParse(IReadOnlyList<string?> lines, out IReadOnlyList<SignatureAgent> agents) => TryParse(lines, EndpointPolicy.Public, out agents);

    /// <summary>Reads a field in either form.</summary>
    /// <param name="lines">The lines of the field in the order received; none is a field without members.</param>
    /// <param name="policy">Says whether http URLs are read; the hosts are judged when they are connected to.</param>
    /// <param name="agents">The members of known types, in the order of the field.</param>
    /// <returns><see langword="false"/> if the field is malformed: not a dictionary or string, over a limit, a member twice, or a URL that its type does not allow.</returns>
    public static bool TryParse(IReadOnlyList<string?> lines, EndpointPolicy policy, out IReadOnlyList<SignatureAgent> agents)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(policy);
        agents = [];
        if (!StructuredField.TryParse(TypeOf(lines), lines, Limits, out StructuredField? field) || field.HasDuplicateKeys || field.HasDuplicateParameters)
        {
            return false;
        }

        List<SignatureAgent> read = [];
        for (int i = 0; i < field.Count; i++)
        {
            StructuredValue member = field[i];
            if (!TryReadType(member, out SignatureAgentType type))
            {
                continue;
            }

            if (!member.TryGetString(out string? text) || !TryReadUrl(text, type, policy.AllowHttp, out Uri? uri))
            {
                return false;
            }

            read.Add(new SignatureAgent(member.Key.ToString(), uri, type));
        }

        agents = read.AsReadOnly();
        return true;
    }

    /// <summary>Writes a field with one member, for whoever signs.</summary>
    /// <param name="label">The key of the member: lower-case letters, digits and <c>_-.*</c>, beginning with a letter or <c>*</c>. Not written in the legacy form.</param>
    /// <param name="url">The origin, or for the other types the URL.</param>
    /// <param name="form">The form the verifier understands.</param>
    /// <param name="type">What the URL leads to.</param>
    /// <returns>The value of the field.</returns>
    /// <exception cref="ArgumentException">The label or the URL is not allowed, or the legacy form is asked to name a type.</exception>
    public static string Format(string label, Uri url, SignatureAgentForm form = SignatureAgentForm.Dictionary, SignatureAgentType type = SignatureAgentType.Directory)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(url);
        bool isLegacy = form == SignatureAgentForm.Legacy;
        if (isLegacy && type != SignatureAgentType.Directory)
        {
            throw new ArgumentException("The legacy form of Signature-Agent knows directories only.", nameof(type));
        }

        // A Uri made of an origin shows a path of one slash, which an origin does not have.
        string text = url.IsAbsoluteUri && type == SignatureAgentType.Directory && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0
            ? url.GetLeftPart(UriPartial.Authority)
            : url.OriginalString;
        if (!TryReadUrl(text, type, allowHttp: true, out _))
        {
            throw new ArgumentException("The URL is not an origin, or not a URL without user information and fragment.", nameof(url));
        }

        StructuredFieldWriter writer = new(stackalloc char[StructuredFieldWriter.UsualLength]);
        if (isLegacy)
        {
            writer.Member();
        }
        else
        {
            writer.Member(label);
        }

        writer.String(text);
        if (type != SignatureAgentType.Directory)
        {
            writer.Parameter(TypeParameter);
            writer.Token(NameOf(type));
        }

        return writer.TryComplete(out string? field) && field.Length <= MaxFieldLength
            ? field
            : throw new ArgumentException("The label is not a key of a structured field, or the field is too long.", nameof(label));
    }

    /// <summary>Returns the label, the identifier and the type.</summary>
    public override string ToString() => $"{Label}={Identifier} ({NameOf(Type)})";

    private static StructuredFieldType TypeOf(IReadOnlyList<string?> lines) =>
        lines.Count > 0 && lines[0].AsSpan().TrimStart(' ').StartsWith('"') ? StructuredFieldType.Item : StructuredFieldType.Dictionary;

    private static bool TryReadType(StructuredValue member, out SignatureAgentType type)
    {
        type = SignatureAgentType.Directory;
        if (!member.TryGetParameter(TypeParameter, out StructuredValue parameter))
        {
            return true;
        }

        string? name = parameter.TryGetToken(out string? token) || parameter.TryGetString(out token) ? token : null;
        foreach (SignatureAgentType known in Enum.GetValues<SignatureAgentType>())
        {
            if (NameOf(known) == name)
            {
                type = known;
                return true;
            }
        }

        return false;
    }

    private static string NameOf(SignatureAgentType type) => type switch
    {
        SignatureAgentType.Directory => "directory",
        SignatureAgentType.JwksUri => "jwks_uri",
        SignatureAgentType.Cimd => "cimd",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of Signature-Agent."),
    };

    private static bool TryReadUrl(string text, SignatureAgentType type, bool allowHttp, [NotNullWhen(true)] out Uri? url) =>
        type == SignatureAgentType.Directory ? AgentUrl.TryParseOrigin(text, allowHttp, out url) : AgentUrl.TryParse(text, allowHttp, out url);
}
