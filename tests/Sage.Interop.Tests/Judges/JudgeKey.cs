using System.Text.Json.Nodes;
using Sage.Crypto;

namespace Sage.Interop.Tests.Judges;

/// <summary>A key that both sides have, for signing on either.</summary>
internal sealed class JudgeKey : IDisposable
{
    private readonly PrivateKey key;

    public JudgeKey(KeyAlgorithm algorithm)
    {
        key = PrivateKey.Generate(algorithm, KeyExportPolicy.AllowPlaintextExport);
        Signer = new KeySigner(key);
    }

    public ISigner Signer { get; }

    public PublicKey Public => key.PublicKey;

    public JsonObject PrivateJwk => JsonNode.Parse(Jwk.ExportPrivateKey(key))!.AsObject();

    public JsonObject PublicJwk => JsonNode.Parse(Jwk.Export(Public))!.AsObject();

    public void Dispose() => key.Dispose();
}
