using System.Security.Cryptography;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Hpke;

[TestFixture]
public sealed class LabeledHkdfTests
{
    [Test]
    public void Expand_is_HKDF_over_the_labelled_info()
    {
        byte[] prk = RandomNumberGenerator.GetBytes(32);
        byte[] info = RandomNumberGenerator.GetBytes(65);
        foreach (int length in new[] { 1, 12, 16, 31, 32, 33, 64, 65, 255, 8159, 8160 })
        {
            byte[] output = new byte[length];
            LabeledHkdf.Expand("suite"u8, prk, "label"u8, info, output);
            byte[] labelled = [(byte)(length >> 8), (byte)length, .. "HPKE-v1suitelabel"u8, .. info];

            Assert.That(output, Is.EqualTo(HKDF.Expand(HashAlgorithmName.SHA256, prk, length, labelled)), $"{length} bytes");
        }
    }
}
