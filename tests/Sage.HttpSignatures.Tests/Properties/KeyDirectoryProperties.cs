using FsCheck;
using FsCheck.Fluent;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Properties;

[TestFixture]
internal sealed class KeyDirectoryProperties
{
    [FsCheck.NUnit.Property(Arbitrary = [typeof(Generators)], MaxTest = 100)]
    public void What_is_published_reads_as_it_was(KeyDirectory directory)
    {
        Assert.That(KeyDirectory.TryParse(directory.ToJson(), out KeyDirectory? again));
        Assert.That(again!.Keys.Select(Facts), Is.EqualTo(directory.Keys.Select(Facts)));
        Assert.That(again.ToJson(), Is.EqualTo(directory.ToJson()));
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Arbitrary_bytes_are_no_directory(byte[]? bytes) => Assert.That(KeyDirectory.TryParse(bytes ?? [], out _), Is.False);

    private static (PublicKey, DateTimeOffset?, DateTimeOffset?) Facts(DirectoryKey key) => (key.PublicKey, key.NotBefore, key.Expires);

    private static class Generators
    {
        private static readonly KeyAlgorithm[] Algorithms = [KeyAlgorithm.Ed25519, KeyAlgorithm.P256];

        public static Arbitrary<KeyDirectory> Directories()
        {
            Gen<DirectoryKey> key =
                from algorithm in Gen.Elements(Algorithms)
                from start in Time(0)
                from end in Time(5_000_000_000)
                select Make(algorithm, start, end);
            return Gen.Choose(0, 6).SelectMany(count => key.ArrayOf(count)).Select(keys => new KeyDirectory(keys)).ToArbitrary();
        }

        private static Gen<DateTimeOffset?> Time(long from) => Gen.OneOf(
            Gen.Constant<DateTimeOffset?>(null),
            Gen.Choose(0, int.MaxValue).Select(milliseconds => (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(from).AddMilliseconds(1000.0 * milliseconds / 7)));

        private static DirectoryKey Make(KeyAlgorithm algorithm, DateTimeOffset? start, DateTimeOffset? end)
        {
            using PrivateKey key = PrivateKey.Generate(algorithm);
            return new DirectoryKey(key.PublicKey, start, end);
        }
    }
}
