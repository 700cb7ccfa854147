using Sage.Crypto;

namespace Sage.Session.Tests.Unit.Protocol;

internal sealed class HandshakeTests
{
    private static readonly KeyAlgorithm[] Algorithms = [KeyAlgorithm.Ed25519, KeyAlgorithm.Secp256k1];

    [TestCaseSource(nameof(Algorithms))]
    public void A_handshake_makes_a_session_that_works_both_ways(KeyAlgorithm algorithm)
    {
        using HandshakePair pair = new(algorithm);
        (SessionCipher initiator, SessionCipher responder) = pair.Connect();
        using (initiator)
        using (responder)
        {
            Records.RoundTrip(initiator, responder, "question"u8);
            Records.RoundTrip(responder, initiator, "answer"u8);
        }
    }
}
