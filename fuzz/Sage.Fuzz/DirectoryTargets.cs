using System.Text;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.Fuzz;

/// <summary>What strangers say about where their keys are, and the documents found there.</summary>
internal static class DirectoryTargets
{
    private static readonly EndpointPolicy AnyUrl = new() { AllowHttp = true };

    public static FuzzTarget[] All { get; } =
    [
        new("signature-agent", "what is read has a normalised identifier without query, and is written as it is read", Field, "a=", "\"https://", "\"http://", "bot.example", ":443", "/.well-known/", ";type=", "directory", "jwks_uri", "cimd", "[::1]", "0x7f.1", "%7e", "%2e%2e", "%c3", "..", "@", "\\\\", "?", "#", "xn--", ", "),
        new("key-directory", "what is read is written and read again as the same keys; a card is read only under its own URL", Document, "{\"keys\":[", "]}", "\"kty\":\"OKP\"", "\"kty\":\"EC\"", "\"kty\":\"oct\"", "\"crv\":\"Ed25519\"", "\"crv\":\"P-256\"", "\"x\":\"", "\"y\":\"", "\"d\":\"\"", "\"kid\":\"", "\"alg\":\"EdDSA\"", "\"use\":\"sig\"", "\"nbf\":0", "\"exp\":253402300800", "\"client_id\":\"https://bot.example/card\"", "\"jwks\":", "\"jwks_uri\":\"https://"),
    ];

    private static void Field(ReadOnlySpan<byte> input)
    {
        string[] lines = Encoding.Latin1.GetString(input).Split('\n');
        if (!SignatureAgent.TryParse(lines, AnyUrl, out IReadOnlyList<SignatureAgent> agents))
        {
            Oracle.Holds(agents.Count == 0, "a refused field has members");
            return;
        }

        Oracle.Holds(agents.Count <= SignatureAgent.MaxMembers, "a field is over its limits");
        Oracle.Holds(agents.Select(agent => agent.Label).Distinct().Count() == agents.Count, "a label is there twice");
        foreach (SignatureAgent agent in agents)
        {
            CheckAgent(agent);
        }
    }

    private static void CheckAgent(SignatureAgent agent)
    {
        Oracle.Holds(agent.Uri.UserInfo.Length == 0 && agent.Uri.Fragment.Length == 0, "a URL has user information or a fragment");
        Oracle.Holds(agent.Uri.Scheme is "https" or "http" && agent.Uri.Host.Length > 0, "a URL has another scheme or no host");
        Oracle.Holds(!agent.Identifier.Contains('?') && Uri.TryCreate(agent.Identifier, UriKind.Absolute, out Uri? identifier) && identifier.Host == agent.Uri.Host && identifier.Port == agent.Uri.Port, "an identifier is another place");

        SignatureAgentForm form = agent.Label.Length > 0 ? SignatureAgentForm.Dictionary : SignatureAgentForm.Legacy;
        if (form == SignatureAgentForm.Legacy && agent.Type != SignatureAgentType.Directory)
        {
            return;
        }

        string written = SignatureAgent.Format(agent.Label, agent.Uri, form, agent.Type);
        Oracle.Holds(SignatureAgent.TryParse([written], AnyUrl, out IReadOnlyList<SignatureAgent> again) && again.Count == 1, "a written field does not read");
        Oracle.Same(again[0].ToString(), agent.ToString(), "a member came back as another");

        // The identifier is in its normal form: as a URL it stands for itself.
        if (agent.Type != SignatureAgentType.Directory)
        {
            string normal = SignatureAgent.Format("a", new Uri(agent.Identifier), type: agent.Type);
            Oracle.Holds(SignatureAgent.TryParse([normal], AnyUrl, out IReadOnlyList<SignatureAgent> same), "an identifier does not read");
            Oracle.Same(same[0].Identifier, agent.Identifier, "an identifier changes when it is normalised again");
        }
    }

    private static void Document(ReadOnlySpan<byte> input)
    {
        byte[] document = input.ToArray();
        if (KeyDirectory.TryParse(document, out KeyDirectory? directory))
        {
            CheckKeys(directory);
        }

        if (ClientMetadata.TryParse(document, "https://bot.example/card", allowHttp: false, out ClientMetadata? metadata))
        {
            Oracle.Holds((metadata.Keys is null) != (metadata.KeysUrl is null), "a card has both or neither");
            Oracle.Holds(!ClientMetadata.TryParse(document, "https://bot.example/other", allowHttp: false, out _), "a card is read under another URL");
        }
    }

    private static void CheckKeys(KeyDirectory directory)
    {
        Oracle.Holds(directory.Keys.Count <= KeyDirectory.MaxKeys, "a directory is over its limits");
        Oracle.Holds(directory.Keys.All(key => directory.TryFind(key.PublicKey.Thumbprint, out DirectoryKey? found) && found == key), "a key is not found by its thumbprint");
        byte[] json = directory.ToJson();
        Oracle.Holds(KeyDirectory.TryParse(json, out KeyDirectory? again), "a written directory does not read");
        Oracle.Same(again!.ToJson(), json, "a directory came back as another");
    }
}
