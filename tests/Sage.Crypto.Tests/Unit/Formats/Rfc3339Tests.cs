using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Formats;

internal sealed class Rfc3339Tests
{
    [TestCase("2026-09-01T12:00:00Z", "2026-09-01T12:00:00.0000000")]
    [TestCase("2026-09-01T12:00:00.1Z", "2026-09-01T12:00:00.1000000")]
    [TestCase("2026-09-01T12:00:00.1234567Z", "2026-09-01T12:00:00.1234567")]
    [TestCase("2026-09-01T12:00:00.123456789Z", "2026-09-01T12:00:00.1234567")]
    [TestCase("2026-09-01T12:00:00.000000001Z", "2026-09-01T12:00:00.0000000")]
    [TestCase("2026-09-01T12:00:00+00:00", "2026-09-01T12:00:00.0000000")]
    [TestCase("2026-09-01T12:00:00-00:00", "2026-09-01T12:00:00.0000000")]
    [TestCase("2026-09-01T12:00:00+09:00", "2026-09-01T03:00:00.0000000")]
    [TestCase("2026-09-01T12:00:00.5-05:30", "2026-09-01T17:30:00.5000000")]
    [TestCase("2026-09-01T12:00:00+23:59", "2026-08-31T12:01:00.0000000")]
    [TestCase("2028-02-29T23:59:59Z", "2028-02-29T23:59:59.0000000")]
    [TestCase("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    [TestCase("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    public void A_time_is_read(string text, string expected)
    {
        Assert.That(Rfc3339.TryParse(text, out DateTimeOffset time), Is.True);
        Assert.That(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", null), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("yesterday")]
    [TestCase("1700000000")]
    [TestCase("2026-09-01")]
    [TestCase("2026-09-01T12:00:00")]
    [TestCase("2026-09-01 12:00:00Z")]
    [TestCase("2026-09-01t12:00:00z")]
    [TestCase("2026-09-01T12:00:00.Z")]
    [TestCase("2026-09-01T12:00:00.1234567890Z")]
    [TestCase("2026-09-01T12:00:00,5Z")]
    [TestCase("2026-09-01T12:00:00ZZ")]
    [TestCase("2026-09-01T12:00:00Z ")]
    [TestCase(" 2026-09-01T12:00:00Z")]
    [TestCase("2026-09-01T12:00Z")]
    [TestCase("2026-09-01T12:00:00+9:00")]
    [TestCase("2026-09-01T12:00:00+0900")]
    [TestCase("2026-09-01T12:00:00+25:00")]
    [TestCase("2026-09-01T12:00:00+09:60")]
    [TestCase("2026-09-01T12:00:00\u221209:00")]
    [TestCase("2026-13-01T12:00:00Z")]
    [TestCase("2026-00-01T12:00:00Z")]
    [TestCase("2026-02-30T12:00:00Z")]
    [TestCase("2026-02-29T12:00:00Z")]
    [TestCase("2026-09-00T12:00:00Z")]
    [TestCase("2026-09-01T24:00:00Z")]
    [TestCase("2026-09-01T12:60:00Z")]
    [TestCase("2026-09-01T12:00:60Z")]
    [TestCase("0000-01-01T00:00:00Z")]
    [TestCase("0001-01-01T00:00:00+00:01")]
    [TestCase("9999-12-31T23:59:59-00:01")]
    [TestCase("+026-09-01T12:00:00Z")]
    [TestCase("\u0662026-09-01T12:00:00Z")]
    public void Anything_else_is_refused(string text) => Assert.That(Rfc3339.TryParse(text, out _), Is.False);

    [TestCase(0, "2026-09-01T12:00:00Z")]
    [TestCase(1_000_000, "2026-09-01T12:00:00.1Z")]
    [TestCase(1_234_567, "2026-09-01T12:00:00.1234567Z")]
    public void A_time_is_written_without_trailing_zeros(long ticks, string expected)
    {
        DateTimeOffset time = new DateTimeOffset(2026, 9, 1, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(ticks);
        Assert.That(Rfc3339.Format(time), Is.EqualTo(expected));
        Assert.That(Rfc3339.TryParse(expected, out DateTimeOffset read), Is.True);
        Assert.That(read, Is.EqualTo(time));
    }

    [FsCheck.NUnit.Property]
    public bool What_is_written_reads_the_same(DateTimeOffset time) =>
        Rfc3339.TryParse(Rfc3339.Format(time), out DateTimeOffset read) && read == time && read.Offset == TimeSpan.Zero;
}
