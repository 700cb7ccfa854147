using System.Reflection;
using System.Security.Cryptography;

namespace Sage.Crypto.Tests.Unit.Keys;

[TestFixture]
public sealed class HmacKeyTests
{
    private static readonly byte[] Message = "The quick brown fox jumps over the lazy dog"u8.ToArray();

    [Test]
    public void The_case_of_RFC_4231_with_a_long_key_holds()
    {
        // RFC 4231 §4.7: 131 bytes, more than a block.
        byte[] secret = new byte[131];
        Array.Fill(secret, (byte)0xaa);
        using HmacKey key = HmacKey.Import(secret);

        Assert.That(
            Convert.ToHexStringLower(Sign(key, "Test Using Larger Than Block-Size Key - Hash Key First"u8)),
            Is.EqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
    }

    [Test]
    public void Secrets_of_32_to_1024_bytes_are_taken_and_no_others()
    {
        foreach (int size in new[] { 32, 33, 64, 1024 })
        {
            using HmacKey key = HmacKey.Import(RandomNumberGenerator.GetBytes(size));
            Assert.That(key.Verify(Message, Sign(key, Message)), $"{size} bytes");
        }

        foreach (int size in new[] { 0, 1, 31, 1025, 4096 })
        {
            Assert.That(() => HmacKey.Import(new byte[size]), Throws.InstanceOf<FormatException>(), $"{size} bytes");
        }
    }

    [Test]
    public void Only_the_mac_of_the_message_under_the_key_is_valid()
    {
        using HmacKey key = HmacKey.Generate();
        using HmacKey other = HmacKey.Generate();
        byte[] mac = Sign(key, Message);
        Assert.That(key.Verify(Message, mac));
        Assert.That(other.Verify(Message, mac), Is.False);
        Assert.That(key.Verify(Message.AsSpan(1), mac), Is.False);
        for (int bit = 0; bit < mac.Length * 8; bit++)
        {
            mac[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(key.Verify(Message, mac), Is.False, $"bit {bit}");
            mac[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        byte[] longer = [.. mac, .. new byte[32]];
        for (int length = 0; length <= longer.Length; length++)
        {
            Assert.That(key.Verify(Message, longer.AsSpan(0, length)), Is.EqualTo(length == HmacKey.SignatureSize), $"{length} bytes");
        }
    }

    [Test]
    public void A_copy_is_made_of_the_secret()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        using HmacKey key = HmacKey.Import(secret);
        byte[] mac = Sign(key, Message);
        CryptographicOperations.ZeroMemory(secret);

        Assert.That(Sign(key, Message), Is.EqualTo(mac));
    }

    [Test]
    public void Misuse_throws()
    {
        HmacKey key = HmacKey.Generate();
        Assert.That(() => key.Sign(Message, new byte[31]), Throws.ArgumentException);
        Assert.That(() => key.Sign(Message, new byte[33]), Throws.ArgumentException);
        key.Dispose();
        key.Dispose();
        Assert.That(() => key.Sign(Message, new byte[32]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => key.Verify(Message, new byte[32]), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Nothing_shows_or_exports_the_secret()
    {
        using HmacKey key = HmacKey.Generate();
        Assert.That(key.ToString(), Is.EqualTo("HMAC-SHA256 key"));
        Assert.That(typeof(HmacKey).GetProperties(BindingFlags.Public | BindingFlags.Instance), Is.Empty);
        Assert.That(
            typeof(HmacKey).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => method.Name),
            Is.EquivalentTo(new[] { "Sign", "Verify", "Dispose", "ToString" }));
    }

    [Test]
    public void One_key_serves_many_threads()
    {
        using HmacKey key = HmacKey.Generate();
        int wrong = 0;
        Parallel.For(0, 2000, i =>
        {
            byte[] message = BitConverter.GetBytes(i);
            if (!key.Verify(message, Sign(key, message)))
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.That(wrong, Is.Zero);
    }

    private static byte[] Sign(HmacKey key, ReadOnlySpan<byte> message)
    {
        byte[] mac = new byte[HmacKey.SignatureSize];
        key.Sign(message, mac);
        return mac;
    }
}
