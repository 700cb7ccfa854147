using Sage.Crypto;
using Sage.Did;

namespace Sage.Session;

/// <summary>A session of the listener's table. The list nodes and <see cref="LastUsed"/> belong to the table's lock.</summary>
internal sealed class ResponderSession
{
    public ResponderSession(string kid, string context, AgentDid peer, PublicKey peerKey, SessionCipher cipher, long now)
    {
        Kid = kid;
        Context = context;
        Peer = peer;
        PeerKey = peerKey;
        Cipher = cipher;
        Created = now;
        LastUsed = now;
        ByAge = new LinkedListNode<ResponderSession>(this);
        ByUse = new LinkedListNode<ResponderSession>(this);
        OfPeer = new LinkedListNode<ResponderSession>(this);
    }

    public string Kid { get; }

    public string Context { get; }

    public AgentDid Peer { get; }

    /// <summary>The key that proved the peer's identity; the only one whose records count.</summary>
    public PublicKey PeerKey { get; }

    public SessionCipher Cipher { get; }

    /// <summary>When the session began, as a timestamp of the time provider.</summary>
    public long Created { get; }

    public long LastUsed { get; set; }

    /// <summary>What is known of the session in a store; null without a store.</summary>
    public SessionCopy? Copy { get; set; }

    public LinkedListNode<ResponderSession> ByAge { get; }

    public LinkedListNode<ResponderSession> ByUse { get; }

    public LinkedListNode<ResponderSession> OfPeer { get; }
}
