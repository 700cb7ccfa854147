using Sage.Crypto;
using Sage.Did;

namespace Sage.Session;

/// <summary>What the session layer asks of a resolution.</summary>
internal static class PeerResolutionExtensions
{
    /// <summary>Whether a key is still one that signs for the agent; after a rotation it need not be the first one.</summary>
    public static bool IsUsable(this DidResolution peer, PublicKey key) =>
        peer.Document?.Authentication.Any(method => method.PublicKey.Equals(key)) == true;
}
