namespace Sage.Session.Tests;

/// <summary>Short forms of sealing and opening.</summary>
internal static class Records
{
    public static byte[] Seal(this SessionCipher cipher, ReadOnlySpan<byte> plaintext)
    {
        byte[] record = new byte[plaintext.Length + SessionCipher.Overhead];
        Assert.That(cipher.Seal(plaintext, default, record), Is.EqualTo(record.Length));
        return record;
    }

    public static RecordResult Open(this SessionCipher cipher, ReadOnlySpan<byte> record) => cipher.Open(record, out _);

    public static RecordResult Open(this SessionCipher cipher, ReadOnlySpan<byte> record, out byte[] plaintext)
    {
        plaintext = new byte[Math.Max(0, record.Length - SessionCipher.Overhead)];
        RecordResult result = cipher.TryOpen(record, default, plaintext, out int written);
        Assert.That(written, Is.EqualTo(result == RecordResult.Opened ? plaintext.Length : 0));
        return result;
    }

    public static void RoundTrip(SessionCipher from, SessionCipher to, ReadOnlySpan<byte> message)
    {
        Assert.That(to.Open(from.Seal(message), out byte[] plaintext), Is.EqualTo(RecordResult.Opened));
        Assert.That(plaintext, Is.EqualTo(message.ToArray()));
    }
}
