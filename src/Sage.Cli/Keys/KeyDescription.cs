using Sage.Crypto;

namespace Sage.Cli;

/// <summary>What is public about a key, as text or JSON.</summary>
internal static class KeyDescription
{
    public static string Of(PublicKey key, bool isPrivate, bool asJson)
    {
        string publicKey = Convert.ToHexStringLower(key.Bytes);
        string? address = key.Algorithm == KeyAlgorithm.Secp256k1 ? key.GetEthereumAddress() : null;
        if (asJson)
        {
            return JsonText.Object(json =>
            {
                json.WriteString("algorithm", key.Algorithm.Name);
                json.WriteBoolean("private", isPrivate);
                json.WriteString("public_key", publicKey);
                json.WriteString("key_id", key.KeyId.Value);
                json.WriteString("thumbprint", key.Thumbprint);
                if (address is not null)
                {
                    json.WriteString("address", address);
                }
            });
        }

        string text = $"""
            algorithm   {key.Algorithm.Name} ({(isPrivate ? "private key" : "public key")})
            public key  {publicKey}
            key id      {key.KeyId.Value}
            thumbprint  {key.Thumbprint}
            """;
        return address is null ? text : $"{text}\naddress     {address}";
    }
}
