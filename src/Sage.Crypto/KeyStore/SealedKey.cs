namespace Sage.Crypto;

/// <summary>An encrypted private key as it is in the file: ChaCha20-Poly1305, a random nonce, <c>ciphertext‖tag</c>.</summary>
internal sealed class SealedKey(byte[] nonce, byte[] ciphertext)
{
    public const int NonceSize = 12;

    public const int TagSize = 16;

    public byte[] Nonce { get; } = nonce;

    public byte[] Ciphertext { get; } = ciphertext;
}
