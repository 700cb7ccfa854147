using System.Security.Cryptography;
using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests.Unit;

/// <summary>Signing for an account, and what counts as a signature.</summary>
[TestFixture]
internal sealed class EthereumSignerTests
{
    private static readonly byte[] Digest = SHA256.HashData("a digest"u8);

    [Test]
    public async Task What_a_key_signs_recovers_to_its_address()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        KeyEthereumSigner signer = new(key);
        EthereumSignature signature = await signer.SignDigestAsync(Digest, EthereumSigningPurpose.Transaction);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(signature.TryRecover(Digest, out EthereumAddress address), Is.True);
            Assert.That(address, Is.EqualTo(signer.Address));
            Assert.That(signature.ToArray()[64], Is.EqualTo(27 + signature.YParity));
            Assert.That(EthereumSignature.FromBytes(signature.ToArray()).S, Is.EqualTo(signature.S));
            Assert.That(signature.TryRecover(SHA256.HashData("another"u8), out EthereumAddress other) && other == signer.Address, Is.False);
        }
    }

    [Test]
    public void A_key_of_another_algorithm_and_a_digest_of_another_length_are_refused()
    {
        using PrivateKey ed25519 = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        KeyEthereumSigner signer = new(key);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new KeyEthereumSigner(ed25519), Throws.ArgumentException);
            Assert.That(async () => await signer.SignDigestAsync(new byte[31], EthereumSigningPurpose.TypedData), Throws.ArgumentException);
            Assert.That(async () => await signer.SignDigestAsync(Digest, (EthereumSigningPurpose)7), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(async () => await signer.SignDigestAsync(Digest, EthereumSigningPurpose.TypedData, new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        }
    }

    [Test]
    public async Task A_high_s_a_zero_and_a_number_above_the_order_are_no_signature()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        EthereumSignature good = await new KeyEthereumSigner(key).SignDigestAsync(Digest, EthereumSigningPurpose.TypedData);
        UInt256 order = UInt256.FromBigEndian(Convert.FromHexString("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(EthereumSignature.TryCreate(good.R, order - good.S, (byte)(1 - good.YParity), out _), Is.False, "high s");
            Assert.That(EthereumSignature.TryCreate(good.R, order.DivRem(2).Quotient, 0, out _), Is.True, "the highest low s");
            Assert.That(EthereumSignature.TryCreate(good.R, order.DivRem(2).Quotient + 1, 0, out _), Is.False, "the lowest high s");
            Assert.That(EthereumSignature.TryCreate(0, good.S, 0, out _), Is.False);
            Assert.That(EthereumSignature.TryCreate(good.R, 0, 0, out _), Is.False);
            Assert.That(EthereumSignature.TryCreate(order, good.S, 0, out _), Is.False);
            Assert.That(EthereumSignature.TryCreate(good.R, good.S, 2, out _), Is.False);
            Assert.That(EthereumSignature.TryCreate(good.R, good.S, UInt256.MaxValue, out _), Is.False);
            Assert.That(() => EthereumSignature.FromBytes(new byte[65]), Throws.TypeOf<FormatException>());
            Assert.That(() => EthereumSignature.FromBytes(new byte[64]), Throws.TypeOf<FormatException>());
            Assert.That(() => good.TryRecover(new byte[33], out _), Throws.ArgumentException);
        }
    }
}
