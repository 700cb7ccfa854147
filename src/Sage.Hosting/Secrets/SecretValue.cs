using System.Text;
using Sage.Crypto.Internal;

namespace Sage.Hosting;

/// <summary>A secret that was read, zeroed when it is disposed. It has no text form; whoever needs the secret says so.</summary>
public sealed class SecretValue : IDisposable
{
    /// <summary>The largest secret, in bytes: 64 KiB.</summary>
    public const int MaxSize = 64 * 1024;

    private readonly SecretBuffer secret;

    /// <summary>Copies a secret.</summary>
    /// <param name="secret">The secret, 1 byte to 64 KiB; the caller erases its own copy.</param>
    /// <exception cref="ArgumentException">The secret is empty or too large.</exception>
    public SecretValue(ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty || secret.Length > MaxSize)
        {
            throw new ArgumentException($"A secret has 1 to {MaxSize} bytes.", nameof(secret));
        }

        this.secret = new SecretBuffer(secret);
    }

    /// <summary>The size in bytes.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public int Length => secret.Span.Length;

    /// <summary>Copies the secret out.</summary>
    /// <param name="destination">Where to, at least <see cref="Length"/> bytes; the caller erases it.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void CopyTo(Span<byte> destination)
    {
        secret.Span.CopyTo(destination);
        GC.KeepAlive(this);
    }

    /// <summary>The secret as text, for libraries that take no bytes. A string cannot be erased: let go of it soon.</summary>
    /// <returns>The bytes read as UTF-8.</returns>
    /// <exception cref="DecoderFallbackException">It is not UTF-8.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public string Reveal()
    {
        string text = StrictUtf8.GetString(secret.Span);
        GC.KeepAlive(this);
        return text;
    }

    /// <summary>Erases the secret.</summary>
    public void Dispose() => secret.Dispose();

    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
