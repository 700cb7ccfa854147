using System.Globalization;
using Sage.Did.Internal;

namespace Sage.Did.Tests.Unit;

[TestFixture]
internal sealed class Rfc3339Tests
{
    [TestCase("2026-09-01T12:00:00Z", "2026-09-01T12:00:00.0000000+00:00")]
    [TestCase("2026-09-01t12:00:00z", "2026-09-01T12:00:00.0000000+00:00")]
    [TestCase("2026-09-01T12:00:00.1Z", "2026-09-01T12:00:00.1000000+00:00")]
    [TestCase("2026-09-01T12:00:00.123456789Z", "2026-09-01T12:00:00.1234567+00:00")]
    [TestCase("2026-09-01T12:00:00.000000001+02:30", "2026-09-01T09:30:00.0000000+00:00")]
    [TestCase("2026-09-01T12:00:00-23:59", "2026-09-02T11:59:00.0000000+00:00")]
    [TestCase("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    [TestCase("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.9999999+00:00")]
    public void A_time_is_read(string text, string expected)
    {
        Assert.That(Rfc3339.TryParse(text, out DateTimeOffset time));
        Assert.That(time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("2026-09-01")]
    [TestCase("2026-09-01 12:00:00Z")]
    [TestCase("2026-09-01T12:00:00")]
    [TestCase("2026-09-01T12:00:00.Z")]
    [TestCase("2026-09-01T12:00:00.1234567890Z")]
    [TestCase("2026-02-30T12:00:00Z")]
    [TestCase("2026-09-01T24:00:00Z")]
    [TestCase("2026-09-01T12:00:00+24:00")]
    [TestCase("2026-09-01T12:00:00+1:00")]
    [TestCase("2026-09-01T12:00:00+01:60")]
    [TestCase("2026-09-01T12:00:00+01:00:00")]
    [TestCase("0001-01-01T00:00:00+01:00")]
    [TestCase("9999-12-31T23:59:59-01:00")]
    [TestCase(" 2026-09-01T12:00:00Z")]
    [TestCase("2026-09-01T12:00:00Z ")]
    [TestCase("٢٠26-09-01T12:00:00Z")]
    public void Anything_else_is_refused(string text) => Assert.That(Rfc3339.TryParse(text, out _), Is.False);

    [FsCheck.NUnit.Property]
    public bool What_is_written_reads_the_same(DateTimeOffset time) =>
        Rfc3339.TryParse(Rfc3339.Format(time), out DateTimeOffset read) && read == time && read.Offset == TimeSpan.Zero;
}
