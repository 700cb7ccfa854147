using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>
/// The side that answers (SAGE profile P1 §4), without I/O. <see cref="Check"/> comes first and costs nothing; the
/// signature and the nonce are the caller's to check before making a responder, which is where secrets appear.
/// </summary>
internal sealed class HandshakeResponder : IDisposable
{
    private readonly SecretBuffer seed;
    private readonly TimeProvider timeProvider;

    private HandshakeResponder(SecretBuffer seed, string kid, byte[] signedBytes, TimeProvider timeProvider)
    {
        this.seed = seed;
        this.timeProvider = timeProvider;
        Kid = kid;
        SignedBytes = signedBytes;
    }

    /// <summary>The handle of the session: <c>kid-</c> and a UUID.</summary>
    public string Kid { get; }

    /// <summary>What to sign with <see cref="SigningPurpose.HandshakeResponse"/>.</summary>
    public ReadOnlyMemory<byte> SignedBytes { get; }

    /// <summary>
    /// The checks that need neither a key nor any state: parties, context, freshness and the two context strings. Run them
    /// before resolving anyone.
    /// </summary>
    /// <param name="payload">The payload.</param>
    /// <param name="context">The context id of the envelope, or <see langword="null"/>.</param>
    /// <param name="claimed">The DID of the envelope.</param>
    /// <param name="self">The DID of this agent.</param>
    /// <param name="now">The time.</param>
    public static HandshakeError Check(InitiationPayload payload, string? context, string claimed, string self, DateTimeOffset now)
    {
        if (!HandshakeText.IsPlain(context, HandshakeText.MaxContext))
        {
            return HandshakeError.WrongContext;
        }

        if (payload.Initiator != claimed || payload.Responder != self
            || !HandshakeText.IsPlain(payload.Initiator, HandshakeText.MaxDid) || !HandshakeText.IsPlain(self, HandshakeText.MaxDid))
        {
            return HandshakeError.WrongParty;
        }

        Span<byte> expected = stackalloc byte[KeySchedule.MaxContextText];
        bool same = Same(payload.Info.Span, KeySchedule.Info(context, claimed, self, expected))
            && Same(payload.ExportContext.Span, KeySchedule.ExportContext(context, expected));
        if (!same)
        {
            return HandshakeError.TranscriptMismatch;
        }

        // Last, because a cookie is asked for before the time is looked at.
        return HandshakeText.IsFresh(payload.Timestamp, now) ? HandshakeError.None : HandshakeError.NotFresh;
    }

    /// <summary>
    /// Opens the KEM, agrees on the seed and prepares the response. For a payload that passed <see cref="Check"/> and whose
    /// signature and nonce were accepted.
    /// </summary>
    /// <param name="payload">The payload.</param>
    /// <param name="context">The context id.</param>
    /// <param name="keyAgreementKey">This agent's X25519 key.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="responder">The handshake; the caller disposes it.</param>
    /// <returns><see langword="false"/> if one of the initiator's keys is a low-order point.</returns>
    public static bool TryCreate(
        InitiationPayload payload, string context, PrivateKey keyAgreementKey, TimeProvider timeProvider,
        [NotNullWhen(true)] out HandshakeResponder? responder)
    {
        using EphemeralKey ephemeral = new();
        return TryCreate(payload, context, keyAgreementKey, timeProvider, ephemeral, "kid-" + RandomText.Uuid(), out responder);
    }

    /// <summary>Makes the session and the data of the response. Call it once.</summary>
    /// <param name="signature">The signature over <see cref="SignedBytes"/>.</param>
    /// <param name="cipher">The session's records; the caller disposes it.</param>
    /// <exception cref="ObjectDisposedException">The handshake is disposed.</exception>
    public byte[] Finish(ReadOnlySpan<byte> signature, out SessionCipher cipher)
    {
        cipher = SessionCipher.Create(seed.Span, isInitiator: false, timeProvider);
        Dispose();
        return CompletionPayload.Write(SignedBytes.Span, signature);
    }

    /// <summary>Erases the secrets; a session that was made is not affected.</summary>
    public void Dispose() => seed.Dispose();

    /// <summary>Prepares the response with a given key and handle, for tests.</summary>
    internal static bool TryCreate(
        InitiationPayload payload, string context, PrivateKey keyAgreementKey, TimeProvider timeProvider,
        EphemeralKey ephemeral, string kid, [NotNullWhen(true)] out HandshakeResponder? responder)
    {
        responder = null;
        Span<byte> contextTexts = stackalloc byte[2 * KeySchedule.MaxContextText];
        ReadOnlySpan<byte> info = KeySchedule.Info(context, payload.Initiator, payload.Responder, contextTexts);
        ReadOnlySpan<byte> exportContext = KeySchedule.ExportContext(context, contextTexts[KeySchedule.MaxContextText..]);
        ReadOnlySpan<byte> encapsulatedKey = payload.EncapsulatedKey.Span;
        ReadOnlySpan<byte> initiatorKey = payload.InitiatorKey.Span;
        Span<byte> exporter = stackalloc byte[KeySchedule.KeySize];
        Span<byte> agreement = stackalloc byte[KeySchedule.KeySize];
        Span<byte> hash = stackalloc byte[KeySchedule.KeySize];
        Span<byte> tag = stackalloc byte[KeySchedule.KeySize];
        SecretBuffer? seed = null;
        try
        {
            using HpkeRecipient? recipient = HpkeRecipient.TryCreate(keyAgreementKey, encapsulatedKey, info, HpkeAead.ChaCha20Poly1305);
            if (recipient is null || !ephemeral.TryAgree(initiatorKey, agreement))
            {
                return false;
            }

            recipient.Export(exportContext, exporter);
            seed = new SecretBuffer(KeySchedule.KeySize);
            KeySchedule.Seed(exporter, agreement, exportContext, seed.Span);
            KeySchedule.TranscriptHash(
                info, exportContext, encapsulatedKey, initiatorKey, ephemeral.PublicKey, payload.Initiator, payload.Responder, hash);
            KeySchedule.AckTag(seed.Span, context, payload.Nonce, kid, hash, tag);

            Span<byte> exportContextHash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(info, hash);
            SHA256.HashData(exportContext, exportContextHash);
            byte[] signedBytes = CompletionPayload.WriteSigned(
                context, kid, payload.Responder, Rfc3339.Format(timeProvider.GetUtcNow()), ephemeral.PublicKey, tag,
                hash, exportContextHash, encapsulatedKey, initiatorKey);
            responder = new HandshakeResponder(seed, kid, signedBytes, timeProvider);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(exporter);
            CryptographicOperations.ZeroMemory(agreement);
            if (responder is null)
            {
                seed?.Dispose();
            }
        }
    }

    // The text itself, or base64url of it as the profile's table has it: it is only compared, so both mean the same.
    private static bool Same(ReadOnlySpan<byte> received, ReadOnlySpan<byte> expected)
    {
        Span<byte> encoded = stackalloc byte[Base64Url.GetEncodedLength(KeySchedule.MaxContextText)];
        return Bytes.PublicEquals(received, expected)
            || Bytes.PublicEquals(received, encoded[..Base64Url.EncodeToUtf8(expected, encoded)]);
    }
}
