using Sage.Crypto;

namespace Sage.Session.Tests.Endpoints;

public sealed class AgentSessionTests
{
    private static readonly KeyAlgorithm[] Algorithms = [KeyAlgorithm.Ed25519, KeyAlgorithm.Secp256k1];

    [TestCaseSource(nameof(Algorithms))]
    public async Task Six_hundred_requests_take_two_sessions(KeyAlgorithm algorithm)
    {
        using TestPair pair = new(algorithm);
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        for (int i = 0; i < 600; i++)
        {
            Assert.That(await TestPair.AskAsync(session, $"message {i}"), Is.EqualTo($"echo:message {i}"));
        }

        int handshakes = pair.Transport.Sent.Count(message => message.TaskId == HandshakeText.Task);
        string[] kids = [.. pair.Transport.Sent.Where(message => message.TaskId is null).Select(message => message.Metadata["kid"])];
        Assert.That(handshakes, Is.EqualTo(2));
        Assert.That(kids.GroupBy(kid => kid).Select(group => group.Count()), Is.EqualTo(new[] { 500, 100 }));
    }
}
