using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>
/// Stateless handshake cookies: an HMAC under a key of this process over who asks whom, in which context, from which
/// address and in which minute. Proves that the caller can receive at its address, nothing else.
/// </summary>
internal sealed class CookieJar : IDisposable
{
    private const int WindowSeconds = 60;
    private readonly SecretBuffer key = new(HMACSHA256.HashSizeInBytes);
    private readonly TimeProvider timeProvider;

    public CookieJar(TimeProvider timeProvider)
    {
        this.timeProvider = timeProvider;
        RandomNumberGenerator.Fill(key.Span);
    }

    public string Create(in CookieSubject subject)
    {
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(subject, CurrentWindow, tag);
        return Base64Url.EncodeToString(tag);
    }

    /// <summary>Whether a cookie was made for this subject in the current window or the one before.</summary>
    public bool Accepts(string cookie, in CookieSubject subject)
    {
        Span<byte> presented = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (cookie.Length != 43
            || Base64Url.DecodeFromChars(cookie, presented, out _, out int written) != OperationStatus.Done
            || written != presented.Length)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        long window = CurrentWindow;
        Compute(subject, window, expected);
        bool accepted = CryptographicOperations.FixedTimeEquals(presented, expected);
        Compute(subject, window - 1, expected);
        return accepted | CryptographicOperations.FixedTimeEquals(presented, expected);
    }

    public void Dispose() => key.Dispose();

    private long CurrentWindow => timeProvider.GetUtcNow().ToUnixTimeSeconds() / WindowSeconds;

    private void Compute(in CookieSubject subject, long window, Span<byte> tag)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Span);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, window);
        hash.AppendData(number);
        foreach (string part in (ReadOnlySpan<string>)[subject.Initiator, subject.Responder, subject.Context, subject.RemoteAddress])
        {
            // The lengths keep one list of parts from reading as another.
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt64BigEndian(number, bytes.Length);
            hash.AppendData(number);
            hash.AppendData(bytes);
        }

        hash.GetHashAndReset(tag);
    }
}
