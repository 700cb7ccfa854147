using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.HttpSignatures;

/// <summary>What a client id metadata document says about keys: it holds a key set, or names the URL of one. Members without a meaning here are ignored.</summary>
internal sealed class ClientMetadata
{
    private ClientMetadata(KeyDirectory? keys, Uri? keysUrl)
    {
        Keys = keys;
        KeysUrl = keysUrl;
    }

    /// <summary>The key set, exactly when <see cref="KeysUrl"/> is null.</summary>
    public KeyDirectory? Keys { get; }

    public Uri? KeysUrl { get; }

    /// <summary>Reads a document that was found at a URL, which it must give as its client id.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, string identifier, bool allowHttp, [NotNullWhen(true)] out ClientMetadata? metadata)
    {
        metadata = null;
        if (!StrictJson.TryParse(utf8, KeyDirectory.MaxSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !TryReadUrl(root, "client_id", allowHttp, out Uri? clientId)
                || clientId.Query.Length > 0
                || AgentUrl.Normalize(clientId) != identifier)
            {
                return false;
            }

            bool hasKeys = root.TryGetProperty("jwks", out JsonElement set);
            if (hasKeys == root.TryGetProperty("jwks_uri", out _))
            {
                return false;
            }

            KeyDirectory? keys = hasKeys ? KeyDirectoryReader.Read(set) : null;
            Uri? url = null;
            if (hasKeys ? keys is null : !TryReadUrl(root, "jwks_uri", allowHttp, out url))
            {
                return false;
            }

            metadata = new ClientMetadata(keys, url);
            return true;
        }
    }

    private static bool TryReadUrl(JsonElement root, string name, bool allowHttp, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        return root.TryGetProperty(name, out JsonElement member)
            && member.ValueKind == JsonValueKind.String
            && AgentUrl.TryParse(member.GetString()!, allowHttp, out url);
    }
}
