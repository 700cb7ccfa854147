using System.Diagnostics;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Did;

namespace Sage.Session;

/// <summary>The initiator's handshake over a transport: look-up, initiation, at most one cookie, completion.</summary>
internal sealed class ClientHandshake(SessionContext context, ISessionTransport transport)
{
    /// <summary>The role Go's client writes; nothing depends on it.</summary>
    public const string Role = "user";

    public async ValueTask<EstablishedSession> OpenAsync(AgentDid peer, Uri? baseUrl, CancellationToken cancellationToken)
    {
        using Activity? span = SessionInstruments.Source.StartActivity(SessionTelemetry.HandshakeInitiatorSpan, ActivityKind.Client);
        long started = context.TimeProvider.GetTimestamp();
        string? errorType = null;
        using Deadline deadline = new(context.Options.Timeout, context.TimeProvider, cancellationToken);
        try
        {
            EstablishedSession session = await OpenCoreAsync(peer, baseUrl, deadline.Token).ConfigureAwait(false);
            SessionInstruments.TagPeer(span, peer, context.Options);
            Log.SessionOpened(context.Logger, peer);
            return session;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            SessionException late = new(SessionError.Unreachable, "The peer did not complete the handshake in time.", exception);
            errorType = ErrorTypes.Of(late);
            throw late;
        }
        catch (Exception exception)
        {
            errorType = ErrorTypes.Of(exception);
            throw;
        }
        finally
        {
            if (errorType is not null)
            {
                SessionInstruments.MarkFailed(span, errorType);
            }

            context.Instruments.HandshakeEnded(SessionRole.Initiator, context.TimeProvider.GetElapsedTime(started), errorType);
        }
    }

    private async ValueTask<EstablishedSession> OpenCoreAsync(AgentDid did, Uri? baseUrl, CancellationToken cancellationToken)
    {
        DidResolution peer = await ResolveAsync(did, cancellationToken).ConfigureAwait(false);
        if (peer.HandshakeSigningKey is not { } signingKey || peer.KeyAgreementKey is not { } agreementKey)
        {
            throw new SessionException(SessionError.PeerNotUsable, "The peer's record has no proven signing key, or no key agreement key.");
        }

        if (baseUrl is null && !Uri.TryCreate(peer.Endpoint, UriKind.Absolute, out baseUrl))
        {
            throw new SessionException(SessionError.PeerNotUsable, "The peer's record has no endpoint that is a URL.");
        }

        using HandshakeInitiator handshake = new(context.Self.Did.Value, did.Value, agreementKey, context.TimeProvider);
        WireResponse response = await InitiateAsync(handshake, baseUrl, null, cancellationToken).ConfigureAwait(false);
        if (response.Error == CookieChallenge.Error)
        {
            if (response.ClaimsSuccess || !CookieChallenge.TryParse(response.Data, out string? cookie))
            {
                throw new SessionException(SessionError.InvalidResponse, "The peer asked for a cookie in a way the profile does not know.");
            }

            // Once only: a peer that never takes its own cookie must not keep this agent busy.
            response = await InitiateAsync(handshake, baseUrl, cookie, cancellationToken).ConfigureAwait(false);
        }

        if (!response.Success)
        {
            throw new SessionException(SessionError.Refused, "The peer refused the handshake.");
        }

        if (!handshake.TryComplete(response.Data, signingKey, out SessionCipher? cipher, out string? kid, out HandshakeError error))
        {
            Log.HandshakeRejected(context.Logger, did, error);
            throw error == HandshakeError.Malformed
                ? new SessionException(SessionError.InvalidResponse, "The peer's handshake response is malformed.")
                : new SessionException(SessionError.AuthenticationFailed, "The handshake response does not prove to be the peer's.");
        }

        return new EstablishedSession(cipher, kid, handshake.Context, signingKey, baseUrl, context.TimeProvider.GetTimestamp());
    }

    private async ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken)
    {
        PeerLookupResult lookup = await context.Peers.FindAsync(did, cancellationToken).ConfigureAwait(false);
        return lookup.Peer ?? throw lookup.ToException();
    }

    private async ValueTask<WireResponse> InitiateAsync(HandshakeInitiator handshake, Uri baseUrl, string? cookie, CancellationToken cancellationToken)
    {
        byte[] payload = handshake.CreatePayload();
        byte[] signature = await context.Self.Signer
            .SignAsync(SigningPurpose.HandshakeInitiation, payload, cancellationToken).ConfigureAwait(false);
        WireMessage message = WireMessage.Create(
            RandomText.Uuid(),
            context.Self.Did.Value,
            payload,
            signature,
            handshake.Context,
            HandshakeText.Task,
            Role,
            cookie is null ? null : new Dictionary<string, string> { [CookieChallenge.MetadataName] = cookie });
        return await transport.SendAsync(baseUrl, message, cancellationToken).ConfigureAwait(false);
    }
}
