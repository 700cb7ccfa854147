using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Sage.Crypto.Internal;

/// <summary>LabeledExtract and LabeledExpand of RFC 9180 §4 over HKDF-SHA256.</summary>
internal static class LabeledHkdf
{
    public const int HashSize = SHA256.HashSizeInBytes;

    // HKDF-Expand writes at most 255 blocks (RFC 5869 §2.3).
    public const int MaxOutput = 255 * HashSize;

    // Covers every call with a fixed-size input and an info or context of up to about 450 bytes.
    private const int StackLimit = 512;

    public static void Extract(ReadOnlySpan<byte> suite, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> ikm, Span<byte> prk)
    {
        int length = Version.Length + suite.Length + label.Length + ikm.Length;
        Span<byte> input = length <= StackLimit ? stackalloc byte[StackLimit] : new byte[length];
        input = input[..length];
        try
        {
            Join(input, suite, label, ikm);
            HMACSHA256.HashData(salt, input, prk);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }

    // RFC 5869 §2.3 written out, because what the platform's HKDF takes as info is limited (OpenSSL: some kilobytes).
    public static void Expand(ReadOnlySpan<byte> suite, ReadOnlySpan<byte> prk, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        Debug.Assert(output.Length is > 0 and <= MaxOutput);
        int length = HashSize + sizeof(ushort) + Version.Length + suite.Length + label.Length + info.Length + 1;
        Span<byte> input = length <= StackLimit ? stackalloc byte[StackLimit] : new byte[length];
        input = input[..length];
        Span<byte> block = stackalloc byte[HashSize];
        try
        {
            // T(i − 1) ‖ I2OSP(L, 2) ‖ "HPKE-v1" ‖ suite ‖ label ‖ info ‖ i, without T for the first block.
            BinaryPrimitives.WriteUInt16BigEndian(input[HashSize..], (ushort)output.Length);
            Join(input[(HashSize + sizeof(ushort))..^1], suite, label, info);
            for (int i = 1; ; i++)
            {
                input[^1] = (byte)i;
                HMACSHA256.HashData(prk, i == 1 ? input[HashSize..] : input, block);
                if (output.Length <= HashSize)
                {
                    block[..output.Length].CopyTo(output);
                    return;
                }

                block.CopyTo(output);
                block.CopyTo(input);
                output = output[HashSize..];
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
            CryptographicOperations.ZeroMemory(block);
        }
    }

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    private static void Join(Span<byte> destination, ReadOnlySpan<byte> suite, ReadOnlySpan<byte> label, ReadOnlySpan<byte> last)
    {
        Version.CopyTo(destination);
        destination = destination[Version.Length..];
        suite.CopyTo(destination);
        destination = destination[suite.Length..];
        label.CopyTo(destination);
        last.CopyTo(destination[label.Length..]);
    }
}
