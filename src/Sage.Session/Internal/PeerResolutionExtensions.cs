using Sage.Crypto;
using Sage.Did;

namespace Sage.Session;

/// <summary>What the session layer asks of a resolution.</summary>
internal static class PeerResolutionExtensions
{
    /// <summary>Whether a key is still one that signs for the agent; after a rotation it need not be the first one.</summary>
    public static bool IsUsable(this DidResolution peer, PublicKey key) =>
        key.Equals(peer.HandshakeSigningKey)
        || (peer.Status == DidResolutionStatus.Resolved && peer.Record?.SigningKeys.Any(usable => usable.Key.Equals(key)) == true);
}
