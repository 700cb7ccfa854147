using System.Numerics;
using System.Security.Cryptography;

namespace Sage.Crypto.Tests.Unit.Keys;

/// <summary>
/// Keys and signatures that libraries disagree about: a key is in the prime-order subgroup, and there is one answer
/// for every signature.
/// </summary>
[TestFixture]
public sealed class Ed25519StrictnessTests
{
    private static readonly byte[] Message = "message"u8.ToArray();
    private static readonly byte[] Seed = SHA256.HashData("strictness"u8);

    [Test]
    public void The_arithmetic_of_these_tests_is_right()
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Ed25519, Seed);

        Assert.That((Edwards25519.Scalar(Seed) * Edwards25519.Base).Encode(), Is.EqualTo(key.PublicKey.Export()));
        Assert.That(Edwards25519.Torsion.Distinct().Count(), Is.EqualTo(8));
        Assert.That(Edwards25519.Torsion.All(t => 8 * t == Edwards25519.Identity));
        Assert.That(key.PublicKey.Verify(Message, Sign(Edwards25519.Identity)), "r·B as R, the ordinary way");
    }

    [Test]
    public void Small_order_keys_are_refused()
    {
        foreach (Edwards25519 point in Edwards25519.Torsion)
        {
            Refused(point.Encode(), "small order");
        }
    }

    [Test]
    public void Mixed_order_keys_are_refused()
    {
        Edwards25519 honest = Edwards25519.Scalar(Seed) * Edwards25519.Base;
        Assert.That(PublicKey.TryImport(KeyAlgorithm.Ed25519, honest.Encode(), out _));
        foreach (Edwards25519 small in Edwards25519.Torsion.Skip(1))
        {
            Refused((honest + small).Encode(), "mixed order");
        }
    }

    [Test]
    public void Keys_that_are_not_canonical_are_refused()
    {
        for (int y = 0; y < 19; y++)
        {
            Refused(Edwards25519.Encode(Edwards25519.P + y, sign: false), $"y = p + {y}");
            Refused(Edwards25519.Encode(Edwards25519.P + y, sign: true), $"y = p + {y}, odd");
        }

        Refused(Edwards25519.Encode(1, sign: true), "the identity with a sign");
        Refused(Edwards25519.Encode(Edwards25519.P - 1, sign: true), "the point of order two with a sign");
    }

    [Test]
    public void Keys_off_the_curve_are_refused()
    {
        int refused = 0;
        for (int y = 2; y < 100; y++)
        {
            if (Edwards25519.FromY(y, odd: false) is null)
            {
                Refused(Edwards25519.Encode(y, sign: false), $"y = {y}");
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(20));
    }

    [Test]
    public void A_larger_S_is_not_valid()
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Ed25519, Seed);
        byte[] signature = key.Sign(Message);
        BigInteger s = new(signature.AsSpan(32), isUnsigned: true);
        for (int i = 1; s + (i * Edwards25519.L) < BigInteger.Pow(2, 256); i++)
        {
            byte[] changed = [.. signature[..32], .. Edwards25519.ToBytes(s + (i * Edwards25519.L))];
            Assert.That(key.PublicKey.Verify(Message, changed), Is.False, $"S + {i} L");
        }
    }

    [Test]
    public void An_R_of_small_order_is_not_valid()
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Ed25519, Seed);
        byte[] a = key.PublicKey.Export();
        foreach (Edwards25519 small in Edwards25519.Torsion)
        {
            // S·B = k·A: with R the identity both equations hold, with the others only the cofactored one.
            byte[] r = small.Encode();
            BigInteger s = Edwards25519.Challenge(r, a, Message) * Edwards25519.Scalar(Seed) % Edwards25519.L;
            Assert.That(key.PublicKey.Verify(Message, [.. r, .. Edwards25519.ToBytes(s)]), Is.False);
        }
    }

    [Test]
    public void An_R_of_mixed_order_is_not_valid()
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Ed25519, Seed);
        foreach (Edwards25519 small in Edwards25519.Torsion.Skip(1))
        {
            Assert.That(key.PublicKey.Verify(Message, Sign(small)), Is.False);
        }
    }

    [Test]
    public void An_R_that_is_not_canonical_is_not_valid()
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Ed25519, Seed);
        byte[] a = key.PublicKey.Export();
        byte[][] encodings = [Edwards25519.Encode(1, sign: true), Edwards25519.Encode(Edwards25519.P + 1, false), Edwards25519.Encode(Edwards25519.P + 1, true)];
        foreach (byte[] r in encodings)
        {
            BigInteger s = Edwards25519.Challenge(r, a, Message) * Edwards25519.Scalar(Seed) % Edwards25519.L;
            Assert.That(key.PublicKey.Verify(Message, [.. r, .. Edwards25519.ToBytes(s)]), Is.False);
        }
    }

    /// <summary>An honest signature but for a point added to R, after which only the cofactored equation can hold.</summary>
    private static byte[] Sign(Edwards25519 added)
    {
        BigInteger secret = Edwards25519.Scalar(Seed);
        byte[] a = (secret * Edwards25519.Base).Encode();
        BigInteger nonce = new BigInteger(SHA512.HashData("nonce"u8), isUnsigned: true) % Edwards25519.L;
        byte[] r = ((nonce * Edwards25519.Base) + added).Encode();
        BigInteger s = (nonce + (Edwards25519.Challenge(r, a, Message) * secret)) % Edwards25519.L;
        return [.. r, .. Edwards25519.ToBytes(s)];
    }

    private static void Refused(byte[] encoded, string why)
    {
        Assert.That(PublicKey.TryImport(KeyAlgorithm.Ed25519, encoded, out _), Is.False, why);
        Assert.That(() => PublicKey.Import(KeyAlgorithm.Ed25519, encoded), Throws.InstanceOf<FormatException>(), why);
    }
}
