using System.Text;
using Sage.Crypto;
using Sage.Did;

namespace Sage.Session.Tests.Endpoints;

/// <summary>An agent with fresh keys and an honest record.</summary>
internal sealed class TestAgent : IDisposable
{
    private readonly PrivateKey signingKey;
    private readonly PrivateKey agreementKey = PrivateKey.Generate(KeyAlgorithm.X25519, KeyExportPolicy.AllowPlaintextExport);

    public TestAgent(KeyAlgorithm? algorithm = null, string? endpoint = null)
    {
        signingKey = PrivateKey.Generate(algorithm ?? KeyAlgorithm.Ed25519, KeyExportPolicy.AllowPlaintextExport);
        using PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        Did = AgentDid.Parse("did:sage:ethereum:" + owner.PublicKey.GetEthereumAddress());
        Signer = new KeySigner(signingKey);
        Local = new LocalAgent(Did, Signer, agreementKey);
        Endpoint = endpoint ?? "http://127.0.0.1:1";
    }

    public AgentDid Did { get; }

    public KeySigner Signer { get; }

    public LocalAgent Local { get; }

    public string Endpoint { get; set; }

    public PublicKey AgreementKey => agreementKey.PublicKey;

    /// <summary>The record of this agent; the parameters make it differ from an honest one.</summary>
    public AgentRecord Record(bool isActive = true, bool verified = true, bool proven = true, bool revoked = false, bool withAgreementKey = true)
    {
        byte[] proof = ProofOfPossession.CreateAsync(Signer, Did).AsTask().GetAwaiter().GetResult();
        if (!proven)
        {
            proof[10] ^= 1;
        }

        byte[] key = signingKey.PublicKey.Export();
        return new AgentRecord
        {
            Did = Did,
            Name = "test",
            Endpoint = Endpoint,
            Keys =
            [
                new RecordKey
                {
                    Type = signingKey.Algorithm == KeyAlgorithm.Secp256k1 ? RecordKeyType.Secp256k1 : RecordKeyType.Ed25519,
                    KeyData = key,
                    Signature = proof,
                    Verified = verified,
                },
            ],
            IsActive = isActive,
            PublicKemKey = withAgreementKey ? agreementKey.PublicKey.Export() : default(ReadOnlyMemory<byte>),
            Revoked = revoked ? [key] : [],
        };
    }

    /// <summary>The record of this agent after a rotation to the signing key of another, which is listed first.</summary>
    public AgentRecord RecordWithNewKeyFirst(TestAgent next)
    {
        AgentRecord old = Record();
        RecordKey rotated = new()
        {
            Type = RecordKeyType.Ed25519,
            KeyData = next.Signer.PublicKey.Export(),
            Signature = ProofOfPossession.CreateAsync(next.Signer, Did).AsTask().GetAwaiter().GetResult(),
            Verified = true,
        };
        return new AgentRecord { Did = Did, Endpoint = Endpoint, Keys = [rotated, .. old.Keys], PublicKemKey = old.PublicKemKey };
    }

    /// <summary>Bytes as they would look in a text.</summary>
    public static IEnumerable<string> Forms(byte[] secret) =>
    [
        Encoding.Latin1.GetString(secret),
        Convert.ToHexString(secret),
        Convert.ToBase64String(secret)[..^2],
        Convert.ToBase64String(secret).Replace('+', '-').Replace('/', '_')[..^2],
    ];

    /// <summary>The private keys as they would look in a text.</summary>
    public IEnumerable<string> SecretForms()
    {
        foreach (PrivateKey key in new[] { signingKey, agreementKey })
        {
            byte[] raw = new byte[32];
            key.Export(raw);
            foreach (string form in Forms(raw).Skip(1))
            {
                yield return form;
            }
        }
    }

    /// <summary>Signs bytes of any shape, as a hostile agent may.</summary>
    public byte[] SignRaw(ReadOnlySpan<byte> data) => signingKey.Sign(data);

    public void Dispose()
    {
        signingKey.Dispose();
        agreementKey.Dispose();
    }
}
