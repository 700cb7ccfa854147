using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Sage.Crypto;

namespace Sage.Cli;

/// <summary>The published test keys, which are derived from labels (SAGE profile P1 §1.5).</summary>
internal static class VectorKeys
{
    private static readonly BigInteger P256Order =
        new(Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"), isUnsigned: true, isBigEndian: true);

    /// <summary>The raw private key of a label.</summary>
    public static byte[] Raw(KeyAlgorithm algorithm, string label)
    {
        byte[] seed = SHA256.HashData(Encoding.UTF8.GetBytes(label));
        if (algorithm != KeyAlgorithm.P256)
        {
            return seed;
        }

        byte[] reduced = (new BigInteger(seed, isUnsigned: true, isBigEndian: true) % P256Order).ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] scalar = new byte[algorithm.PrivateKeySize];
        reduced.CopyTo(scalar, scalar.Length - reduced.Length);
        return scalar;
    }

    public static PrivateKey Import(KeyAlgorithm algorithm, string label) => PrivateKey.Import(algorithm, Raw(algorithm, label));
}
