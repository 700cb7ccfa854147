using Sage.Crypto;

namespace Sage.Session;

/// <summary>What a handshake gives the initiator. Disposing erases the keys.</summary>
internal sealed class EstablishedSession(SessionCipher cipher, string kid, string context, PublicKey peerKey, Uri baseUrl, long started) : IDisposable
{
    public SessionCipher Cipher { get; } = cipher;

    public string Kid { get; } = kid;

    public string Context { get; } = context;

    /// <summary>The key that proved the peer's identity.</summary>
    public PublicKey PeerKey { get; } = peerKey;

    public Uri BaseUrl { get; } = baseUrl;

    /// <summary>When the session began, as a timestamp of the time provider.</summary>
    public long Started { get; } = started;

    public void Dispose() => Cipher.Dispose();
}
