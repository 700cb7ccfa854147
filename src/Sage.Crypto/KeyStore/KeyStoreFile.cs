using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// A key store file as it was read: its content and the MAC over the exact bytes before the last two members
/// (docs/key-store.md describes the format). Reading says nothing about who wrote it; the MAC does.
/// </summary>
internal sealed class KeyStoreFile
{
    public const int MaximumSize = 1024 * 1024;

    private const string ChecksumStart = ",\n  \"checksum\": \"";
    private const string MacStart = "\",\n  \"mac\": \"";
    private const string End = "\"\n}\n";
    private const int DigestTextSize = 44;
    private const int TrailerSize = 17 + DigestTextSize + 13 + DigestTextSize + 4;

    private readonly ReadOnlyMemory<byte> body;
    private readonly byte[] mac;

    private KeyStoreFile(KeyStoreContent content, ReadOnlyMemory<byte> body, byte[] mac)
    {
        Content = content;
        this.body = body;
        this.mac = mac;
    }

    public KeyStoreContent Content { get; }

    /// <summary>
    /// Reads a file without any key and without I/O: size, checksum, strict JSON, closed members, limits. The error is
    /// <see cref="KeyStoreError.Corrupted"/> or <see cref="KeyStoreError.Unsupported"/>.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out KeyStoreFile? file, out KeyStoreError error)
    {
        file = null;
        error = KeyStoreError.Corrupted;
        if (bytes.Length > MaximumSize || !StrictJson.TryParse(bytes, MaximumSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            // A later version may be laid out in any other way, so this comes before everything else.
            if (KeyStoreReader.IsOtherVersion(document.RootElement))
            {
                error = KeyStoreError.Unsupported;
                return false;
            }

            if (!TryReadTrailer(bytes.Span, out byte[]? mac)
                || KeyStoreReader.TryRead(document.RootElement) is not { } content)
            {
                return false;
            }

            if (!content.Cost.IsAcceptable)
            {
                error = KeyStoreError.Unsupported;
                return false;
            }

            file = new KeyStoreFile(content, bytes[..^TrailerSize], mac);
            return true;
        }
    }

    /// <summary>Writes a file that <see cref="TryParse"/> and <see cref="IsAuthentic"/> accept.</summary>
    /// <exception cref="KeyStoreException">The file would be larger than may be read (<see cref="KeyStoreError.Full"/>).</exception>
    public static byte[] Write(KeyStoreContent content, MasterKey master)
    {
        byte[] body = KeyStoreWriter.WriteBody(content);
        if (body.Length + TrailerSize > MaximumSize)
        {
            // RSA keys are long: what is too large to be read again must not be written.
            throw new KeyStoreException(KeyStoreError.Full, $"The key store would exceed {MaximumSize} bytes; remove former keys.");
        }

        string checksum = Convert.ToBase64String(SHA256.HashData(body));
        string mac = Convert.ToBase64String(master.Authenticate(body));
        return [.. body, .. Encoding.ASCII.GetBytes(ChecksumStart + checksum + MacStart + mac + End)];
    }

    /// <summary>Whether the file was written by someone who knew the passphrase, and not changed since.</summary>
    public bool IsAuthentic(MasterKey master) => CryptographicOperations.FixedTimeEquals(mac, master.Authenticate(body.Span));

    // The checksum needs no passphrase: without it a damaged salt would look like a wrong passphrase.
    private static bool TryReadTrailer(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out byte[]? mac)
    {
        mac = null;
        if (bytes.Length < TrailerSize)
        {
            return false;
        }

        string trailer = Encoding.Latin1.GetString(bytes[^TrailerSize..]);
        int macAt = ChecksumStart.Length + DigestTextSize + MacStart.Length;
        return trailer.StartsWith(ChecksumStart, StringComparison.Ordinal)
            && trailer.AsSpan(macAt - MacStart.Length).StartsWith(MacStart)
            && trailer.EndsWith(End, StringComparison.Ordinal)
            && StrictBase64.TryDecode(trailer.AsSpan(ChecksumStart.Length, DigestTextSize), SHA256.HashSizeInBytes, out byte[]? checksum)
            && Bytes.PublicEquals(checksum, SHA256.HashData(bytes[..^TrailerSize]))
            && StrictBase64.TryDecode(trailer.AsSpan(macAt, DigestTextSize), MasterKey.MacSize, out mac)
            && mac.Length == MasterKey.MacSize;
    }
}
