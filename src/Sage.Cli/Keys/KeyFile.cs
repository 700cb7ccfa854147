using System.Security.Cryptography;
using Sage.Crypto;

namespace Sage.Cli;

/// <summary>One key in a file, PEM or JWK, private or public.</summary>
internal sealed class KeyFile : IDisposable
{
    public const string PemFormat = "pem";
    public const string JwkFormat = "jwk";

    private KeyFile(PublicKey publicKey, PrivateKey? privateKey)
    {
        PublicKey = publicKey;
        PrivateKey = privateKey;
    }

    public PublicKey PublicKey { get; }

    /// <summary>Null if the file holds a public key only.</summary>
    public PrivateKey? PrivateKey { get; }

    /// <exception cref="CommandException">The file does not hold a key that can be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static KeyFile Read(string path)
    {
        byte[] buffer = GC.AllocateArray<byte>(Pem.MaxInputSize + 1, pinned: true);
        try
        {
            int length;
            using (FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            }

            return Parse(buffer.AsSpan(0, length))
                ?? throw CommandException.Refused($"'{path}' does not hold an ed25519, x25519, secp256k1, p256 or p384 key, or an RSA key that says which signatures it makes, as PEM (PKCS#8, SPKI) or JWK.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    public void Dispose() => PrivateKey?.Dispose();

    private static KeyFile? Parse(ReadOnlySpan<byte> content)
    {
        bool isJwk = content.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        if (isJwk ? Jwk.TryImportPublicKey(content, out PublicKey? publicKey) : Pem.TryImportPublicKey(content, out publicKey))
        {
            return new KeyFile(publicKey, null);
        }

        try
        {
            PrivateKey privateKey = isJwk ? Jwk.ImportPrivateKey(content) : Pem.ImportPrivateKey(content);
            return new KeyFile(privateKey.PublicKey, privateKey);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
