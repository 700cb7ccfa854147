using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>
/// The side that opens a session (SAGE profile P1 §4), without I/O: make a payload, have it signed and sent, then complete
/// with what came back. Usable once; erases its secrets when it succeeds, fails or is disposed. Not thread-safe.
/// </summary>
internal sealed class HandshakeInitiator : IDisposable
{
    // The first, and one more with a cookie.
    private const int MaxPayloads = 2;

    private readonly string initiator;
    private readonly string responder;
    private readonly PublicKey responderKey;
    private readonly TimeProvider timeProvider;
    private readonly byte[] info;
    private readonly byte[] exportContext;
    private readonly byte[] encapsulatedKey = new byte[HpkeSender.EncapsulatedKeySize];
    private EphemeralKey? ephemeral;
    private SecretBuffer? exporter;
    private string nonce = "";
    private int payloads;

    /// <summary>Prepares a handshake.</summary>
    /// <param name="initiator">The DID of this agent.</param>
    /// <param name="responder">The DID of the other agent.</param>
    /// <param name="responderKey">The other agent's X25519 key.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="context">The context id; a fresh one if not given.</param>
    /// <exception cref="ArgumentException">A text is empty, too long or not plain, or the key is not an X25519 key.</exception>
    public HandshakeInitiator(string initiator, string responder, PublicKey responderKey, TimeProvider timeProvider, string? context = null)
    {
        context ??= "ctx-" + RandomText.Uuid();
        if (!HandshakeText.IsPlain(initiator, HandshakeText.MaxDid)
            || !HandshakeText.IsPlain(responder, HandshakeText.MaxDid)
            || !HandshakeText.IsPlain(context, HandshakeText.MaxContext))
        {
            throw new ArgumentException("DIDs and contexts are visible ASCII without separators.");
        }

        if (!responderKey.Algorithm.CanAgree)
        {
            throw new ArgumentException($"A handshake needs an X25519 key; this is a {responderKey.Algorithm.Name} key.", nameof(responderKey));
        }

        this.initiator = initiator;
        this.responder = responder;
        this.responderKey = responderKey;
        this.timeProvider = timeProvider;
        Context = context;
        Span<byte> buffer = stackalloc byte[KeySchedule.MaxContextText];
        info = KeySchedule.Info(context, initiator, responder, buffer).ToArray();
        exportContext = KeySchedule.ExportContext(context, buffer).ToArray();
    }

    /// <summary>The context id of the handshake and its session.</summary>
    public string Context { get; }

    /// <summary>
    /// Makes the payload to sign (<see cref="SigningPurpose.HandshakeInitiation"/>) and send. A second call makes a wholly
    /// new one for the same context, for the one repetition that a cookie may need, and forgets the first.
    /// </summary>
    /// <exception cref="InvalidOperationException">Both were made, or the handshake is over.</exception>
    public byte[] CreatePayload()
    {
        Span<byte> hpkeKey = stackalloc byte[KeySchedule.KeySize];
        try
        {
            RandomNumberGenerator.Fill(hpkeKey);
            return CreatePayload(new EphemeralKey(), hpkeKey, RandomText.Uuid());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(hpkeKey);
        }
    }

    /// <summary>Checks the response and makes the session. Everything is checked before a session exists.</summary>
    /// <param name="data">The data of the response.</param>
    /// <param name="responderSigningKey">The signing key of the other agent's record.</param>
    /// <param name="cipher">The session's records; the caller disposes it.</param>
    /// <param name="kid">The handle the responder gave the session.</param>
    /// <param name="error">Why there is no session.</param>
    /// <exception cref="InvalidOperationException">No payload was made, or the handshake is over.</exception>
    public bool TryComplete(
        ReadOnlyMemory<byte> data,
        PublicKey responderSigningKey,
        [NotNullWhen(true)] out SessionCipher? cipher,
        [NotNullWhen(true)] out string? kid,
        out HandshakeError error)
    {
        if (ephemeral is null || exporter is null)
        {
            throw new InvalidOperationException("A handshake is completed once, after its payload was made.");
        }

        cipher = null;
        kid = null;
        try
        {
            if (!CompletionPayload.TryParse(data, out CompletionPayload? completion))
            {
                error = HandshakeError.Malformed;
                return false;
            }

            // The signature before any Diffie–Hellman: a stranger must not choose the points this side multiplies.
            error = CheckClaims(completion);
            if (error == HandshakeError.None && !completion.IsSignedBy(responderSigningKey))
            {
                error = HandshakeError.BadSignature;
            }

            if (error == HandshakeError.None)
            {
                error = CheckTranscript(completion);
            }

            if (error == HandshakeError.None)
            {
                error = Combine(completion, out cipher);
            }

            kid = cipher is null ? null : completion.Kid;
            return cipher is not null;
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Erases the secrets and ends the handshake; a session that was made is not affected.</summary>
    public void Dispose()
    {
        payloads = int.MaxValue;
        Forget();
    }

    /// <summary>Makes the payload from given secrets, for tests. Takes over the ephemeral key.</summary>
    internal byte[] CreatePayload(EphemeralKey ephemeralKey, ReadOnlySpan<byte> hpkeKey, string freshNonce)
    {
        // Owned from here on, so that it is erased whatever happens.
        Forget();
        ephemeral = ephemeralKey;
        if (payloads >= MaxPayloads)
        {
            Forget();
            throw new InvalidOperationException("A handshake sends at most two payloads and is over once completed.");
        }

        payloads++;
        nonce = freshNonce;
        exporter = new SecretBuffer(KeySchedule.KeySize);
        using (HpkeSender sender = HpkeSender.Create(responderKey, info, HpkeAead.ChaCha20Poly1305, encapsulatedKey, hpkeKey))
        {
            sender.Export(exportContext, exporter.Span);
        }

        return InitiationPayload.Write(
            initiator, responder, info, exportContext, nonce, timeProvider.GetUtcNow(), encapsulatedKey, ephemeral.PublicKey);
    }

    private void Forget()
    {
        ephemeral?.Dispose();
        exporter?.Dispose();
        ephemeral = null;
        exporter = null;
    }

    private HandshakeError CheckClaims(CompletionPayload completion)
    {
        if (completion.Context != Context)
        {
            return HandshakeError.WrongContext;
        }

        if (completion.Did != responder)
        {
            return HandshakeError.WrongParty;
        }

        return HandshakeText.IsFresh(completion.Timestamp, timeProvider.GetUtcNow()) ? HandshakeError.None : HandshakeError.NotFresh;
    }

    private HandshakeError CheckTranscript(CompletionPayload completion)
    {
        Span<byte> infoHash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> exportContextHash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(info, infoHash);
        SHA256.HashData(exportContext, exportContextHash);
        bool same = Bytes.PublicEquals(completion.EncapsulatedKey, encapsulatedKey)
            && Bytes.PublicEquals(completion.InitiatorKey, ephemeral!.PublicKey)
            && Bytes.PublicEquals(completion.InfoHash, infoHash)
            && Bytes.PublicEquals(completion.ExportContextHash, exportContextHash);
        return same ? HandshakeError.None : HandshakeError.TranscriptMismatch;
    }

    private HandshakeError Combine(CompletionPayload completion, out SessionCipher? cipher)
    {
        cipher = null;
        Span<byte> agreement = stackalloc byte[KeySchedule.KeySize];
        Span<byte> seed = stackalloc byte[KeySchedule.KeySize];
        Span<byte> tag = stackalloc byte[KeySchedule.KeySize];
        Span<byte> transcript = stackalloc byte[KeySchedule.KeySize];
        ReadOnlySpan<byte> peerKey = completion.ResponderKey;
        try
        {
            if (!ephemeral!.TryAgree(peerKey, agreement))
            {
                return HandshakeError.InvalidKey;
            }

            KeySchedule.Seed(exporter!.Span, agreement, exportContext, seed);
            KeySchedule.TranscriptHash(info, exportContext, encapsulatedKey, ephemeral.PublicKey, peerKey, initiator, responder, transcript);
            KeySchedule.AckTag(seed, Context, nonce, completion.Kid, transcript, tag);
            if (!CryptographicOperations.FixedTimeEquals(tag, completion.AckTag))
            {
                return HandshakeError.NotConfirmed;
            }

            cipher = SessionCipher.Create(seed, isInitiator: true, timeProvider);
            return HandshakeError.None;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreement);
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(tag);
        }
    }
}
