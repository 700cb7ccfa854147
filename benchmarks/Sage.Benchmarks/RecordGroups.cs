using System.Security.Cryptography;
using Sage.Crypto.Internal.Backend;
using Sage.Session;

namespace Sage.Benchmarks;

/// <summary>Session records beside the raw cipher: the runtime's kept instance and libsodium, of which the faster is the floor.</summary>
internal static class RecordGroups
{
    private static readonly SessionLimits Unlimited = new() { MaxMessages = long.MaxValue };

    public static Func<Group>[] All { get; } =
    [
        .. new[] { 64, 1024, 16 * 1024, 64 * 1024 }.SelectMany(size => new Func<Group>[] { () => Seal(size), () => Open(size) }),
    ];

    private static Group Seal(int size)
    {
        byte[] plaintext = RandomNumberGenerator.GetBytes(size);
        byte[] key = RandomNumberGenerator.GetBytes(32);
        byte[] nonce = RandomNumberGenerator.GetBytes(12);
        byte[] aad = new byte[8];
        byte[] sealedText = new byte[size + 16];
        byte[] record = new byte[size + SessionCipher.Overhead];
        ChaCha20Poly1305 raw = new(key);
        SessionCipher session = SessionCipher.Create(key, isInitiator: true, TimeProvider.System, Unlimited);
        return new Group(
            $"record seal, {Size(size)}",
            new Candidate("runtime's cipher, kept", () => raw.Encrypt(nonce, plaintext, sealedText.AsSpan(0, size), sealedText.AsSpan(size), aad)),
            new Candidate("libsodium", () => Libsodium.ChaCha20Poly1305Seal(sealedText, plaintext, nonce, key, aad)),
            new Candidate("SessionCipher.Seal", () => session.Seal(plaintext, default, record)))
        {
            FloorCount = 2,
            Owner = new Owned(raw, session),
        };
    }

    private static Group Open(int size)
    {
        byte[] plaintext = RandomNumberGenerator.GetBytes(size);
        byte[] key = RandomNumberGenerator.GetBytes(32);
        byte[] nonce = RandomNumberGenerator.GetBytes(12);
        byte[] aad = new byte[8];
        byte[] sealedText = new byte[size + 16];
        byte[] opened = new byte[size];
        ChaCha20Poly1305 raw = new(key);
        raw.Encrypt(nonce, plaintext, sealedText.AsSpan(0, size), sealedText.AsSpan(size), aad);

        // A record opens once, so a supply of them is opened by one receiver after the other.
        byte[][] records = new byte[size <= 1024 ? 4096 : 256][];
        using (SessionCipher sender = SessionCipher.Create(key, isInitiator: true, TimeProvider.System, Unlimited))
        {
            for (int i = 0; i < records.Length; i++)
            {
                records[i] = new byte[size + SessionCipher.Overhead];
                sender.Seal(plaintext, default, records[i]);
            }
        }

        int next = records.Length;
        SessionCipher? receiver = null;
        return new Group(
            $"record open, {Size(size)}",
            new Candidate("runtime's cipher, kept", () => raw.Decrypt(nonce, sealedText.AsSpan(0, size), sealedText.AsSpan(size), opened, aad)),
            new Candidate("libsodium", () => Require(Libsodium.ChaCha20Poly1305Open(opened, sealedText, nonce, key, aad))),
            new Candidate("SessionCipher.TryOpen", () =>
            {
                if (next == records.Length)
                {
                    receiver?.Dispose();
                    receiver = SessionCipher.Create(key, isInitiator: false, TimeProvider.System, Unlimited);
                    next = 0;
                }

                Require(receiver!.TryOpen(records[next++], default, opened, out _) == RecordResult.Opened);
            }))
        {
            FloorCount = 2,
            Owner = raw,
        };
    }

    private static string Size(int size) => size < 1024 ? $"{size} B" : $"{size / 1024} KiB";

    private static void Require(bool value)
    {
        if (!value)
        {
            throw new InvalidOperationException("What is measured did not work.");
        }
    }
}
