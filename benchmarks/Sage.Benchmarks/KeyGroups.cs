using System.Security.Cryptography;
using Sage.Crypto;

namespace Sage.Benchmarks;

/// <summary>Key operations beside the calls they stand on.</summary>
internal static class KeyGroups
{
    private static readonly byte[] Message = RandomNumberGenerator.GetBytes(100);

    public static Func<Group>[] All { get; } =
    [
        Ed25519Sign, Ed25519Verify, X25519Agree, Generate, Secp256k1, P256, Hpke,
    ];

    private static Group Ed25519Sign()
    {
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        byte[] publicKey = new byte[32];
        byte[] secret = new byte[64];
        byte[] signature = new byte[64];
        Geralt.Ed25519.GenerateKeyPair(publicKey, secret, seed);
        PrivateKey key = PrivateKey.Import(KeyAlgorithm.Ed25519, seed);
        return new Group(
            "Ed25519 sign, 100 B",
            new Candidate("libsodium", () => Geralt.Ed25519.Sign(signature, Message, secret)),
            new Candidate("PrivateKey.Sign", () => key.Sign(Message, signature)))
        { Owner = key };
    }

    private static Group Ed25519Verify()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        PublicKey publicKey = key.PublicKey;
        byte[] raw = publicKey.Export();
        byte[] signature = new byte[64];
        key.Sign(Message, signature);
        return new Group(
            "Ed25519 verify, 100 B",
            new Candidate("libsodium", () => Require(Geralt.Ed25519.Verify(signature, Message, raw))),
            new Candidate("PublicKey.Verify", () => Require(publicKey.Verify(Message, signature))));
    }

    private static Group X25519Agree()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        byte[] shared = new byte[32];
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.X25519);
        PublicKey peer = other.PublicKey;
        byte[] raw = peer.Export();
        PrivateKey key = PrivateKey.Import(KeyAlgorithm.X25519, secret);
        return new Group(
            "X25519 agreement",
            new Candidate("libsodium", () => Geralt.X25519.ComputeSharedSecret(shared, secret, raw)),
            new Candidate("PrivateKey.TryAgree", () => Require(key.TryAgree(peer, shared))))
        { Owner = key };
    }

    private static Group Generate()
    {
        byte[] publicKey = new byte[32];
        byte[] secret = new byte[64];
        return new Group(
            "key generation",
            new Candidate("libsodium, Ed25519", () => Geralt.Ed25519.GenerateKeyPair(publicKey, secret)),
            new Candidate("Ed25519", () => PrivateKey.Generate(KeyAlgorithm.Ed25519).Dispose()),
            new Candidate("X25519", () => PrivateKey.Generate(KeyAlgorithm.X25519).Dispose()),
            new Candidate("secp256k1", () => PrivateKey.Generate(KeyAlgorithm.Secp256k1).Dispose()),
            new Candidate("P-256", () => PrivateKey.Generate(KeyAlgorithm.P256).Dispose()));
    }

    private static Group Secp256k1()
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        PublicKey publicKey = key.PublicKey;
        byte[] signature = new byte[65];
        key.Sign(Message, signature);
        byte[] made = new byte[65];
        return new Group(
            "secp256k1, 100 B",
            new Candidate("sign", () => key.Sign(Message, made)),
            new Candidate("verify", () => Require(publicKey.Verify(Message, signature))),
            new Candidate("recover", () => Require(PublicKey.TryRecover(Message, signature, out _))))
        {
            FloorCount = 0,
            Owner = key
        };
    }

    private static Group P256()
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.P256);
        PublicKey publicKey = key.PublicKey;
        byte[] signature = new byte[64];
        key.Sign(Message, signature);
        byte[] made = new byte[64];
        ECDsa raw = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = publicKey.Bytes[1..33].ToArray(), Y = publicKey.Bytes[33..].ToArray() },
        });
        return new Group(
            "P-256, 100 B",
            new Candidate("ECDsa.VerifyData", () => Require(raw.VerifyData(Message, signature, HashAlgorithmName.SHA256))),
            new Candidate("PublicKey.Verify", () => Require(publicKey.Verify(Message, signature))),
            new Candidate("PrivateKey.Sign (RFC 6979)", () => key.Sign(Message, made)))
        { Owner = key };
    }

    private static Group Hpke()
    {
        PrivateKey recipient = PrivateKey.Generate(KeyAlgorithm.X25519);
        PublicKey publicKey = recipient.PublicKey;
        byte[] info = RandomNumberGenerator.GetBytes(200);
        byte[] encapsulated = new byte[32];
        byte[] received = new byte[32];
        byte[] exported = new byte[32];
        byte[] raw = publicKey.Export();
        byte[] scratchPublic = new byte[32];
        byte[] scratchSecret = RandomNumberGenerator.GetBytes(32);
        byte[] shared = new byte[32];
        using (HpkeSender.Create(publicKey, info, HpkeAead.ChaCha20Poly1305, received))
        {
        }

        return new Group(
            "HPKE set-up and export",
            new Candidate("libsodium, one agreement", () => Geralt.X25519.ComputeSharedSecret(shared, scratchSecret, raw)),
            new Candidate("libsodium, key generation and agreement", () =>
            {
                Geralt.X25519.GenerateKeyPair(scratchPublic, scratchSecret);
                Geralt.X25519.ComputeSharedSecret(shared, scratchSecret, raw);
            }),
            new Candidate("sender", () =>
            {
                using HpkeSender sender = HpkeSender.Create(publicKey, info, HpkeAead.ChaCha20Poly1305, encapsulated);
                sender.Export(info, exported);
            }),
            new Candidate("recipient", () =>
            {
                using HpkeRecipient? opened = HpkeRecipient.TryCreate(recipient, received, info, HpkeAead.ChaCha20Poly1305);
                opened!.Export(info, exported);
            }))
        { Owner = recipient };
    }

    private static void Require(bool value)
    {
        if (!value)
        {
            throw new InvalidOperationException("What is measured did not work.");
        }
    }
}
