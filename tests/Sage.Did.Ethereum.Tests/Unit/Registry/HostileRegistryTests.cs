using System.Buffers.Binary;
using System.Text;
using Sage.Did.Ethereum.Abi;
using static Sage.Did.Ethereum.Tests.ScriptedRegistry;

namespace Sage.Did.Ethereum.Tests.Unit.Registry;

/// <summary>A node that lies or fails in one of its answers: the resolution fails, says why, and leaves nothing in the cache.</summary>
internal sealed class HostileRegistryTests
{
    private const int LargestAnswer = 64 * 1024;

    // Where the words of an answer to resolve() are: its head of four, the number of keys, and an offset for each of two keys.
    private const int KeysOffset = 3;
    private const int KeyCount = 4;
    private const int FirstKeyOffset = 5;
    private const int FirstKey = 7;
    private const int FirstPublicKeyOffset = FirstKey + 7;

    private static readonly ScriptedRegistry Script = new();

    private static readonly (string Name, Func<HostileRequest, byte[]?> Answer)[] Anywhere =
    [
        ("HTML", _ => HostileNode.Http("<html><body>Sign in</body></html>", headers: "Content-Type: text/html\r\n")),
        ("half an answer", request => HostileNode.Http($$"""{"jsonrpc":"2.0","id":{{request.Id}},"result":"0x00""")),
        ("an answer that breaks off", _ => Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{\"jsonrpc\":\"2.0\"")),
        ("the answer to another request", request => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Script.Serve(request)).Replace($"\"id\":{request.Id},", $"\"id\":{(request.Id + 1) % 10},", StringComparison.Ordinal))),
        ("more than is read", request => HostileNode.Result(request, $"\"0x{new string('0', 2 * LargestAnswer)}\"")),
        ("a number that is none", request => HostileNode.Result(request, "\"0xzz\"")),
        ("null", request => HostileNode.Result(request, "null")),
        ("an error", request => HostileNode.Error(request, """{"code":-32000,"message":"no"}""")),
        ("status 503", _ => HostileNode.Http("busy", 503)),
    ];

    private static IEnumerable<TestCaseData> Faults()
    {
        Question[] questions = [Question.Chain, Question.Code, Question.Finalized, Question.Latest, Question.Identity, Question.Resolve];
        foreach (Question question in questions)
        {
            foreach ((string name, Func<HostileRequest, byte[]?> answer) in Anywhere)
            {
                yield return Case($"{name}, asked for {question}", question, answer);
            }
        }

        yield return Case("another chain", Question.Chain, Result("\"0x1\""), "serves chain 1, not 31337");
        yield return Case("no code", Question.Code, Result("\"0x\""), "no contract");
        yield return Case("a head of yesterday", Question.Latest, Result(Block(100, TimeSpan.FromDays(1))), "s old");
        yield return Case("a head of tomorrow", Question.Latest, Result(Block(100, TimeSpan.FromDays(-1))), "in the future");
        yield return Case("a settled block after the head", Question.Finalized, Result(Block(101, TimeSpan.Zero)), "newer than the chain's head");
        yield return Case("a block whose hash is too short", Question.Latest, Result(Block(100, TimeSpan.Zero).Replace("\"hash\":\"0x00", "\"hash\":\"0x", StringComparison.Ordinal)));
        yield return Case("the keys of another identity registry", Question.Identity, Result(Hex(new AbiWriter().Address(Owner).ToArray())), "is not the key registry of");
        yield return Case("a block that is not on the chain", Question.Resolve, request => HostileNode.Error(request, """{"code":-32000,"message":"hash is not currently canonical"}"""), "not currently canonical");
        yield return Case("another revert than that there is no agent", Question.Resolve, Revert("NotAuthorized(uint256,address)", writer => writer.Number(Agent).Address(Owner)));
        yield return Case("that another agent does not exist", Question.Resolve, Revert("ERC721NonexistentToken(uint256)", writer => writer.Number(Agent + UInt256.One)));
        foreach ((string name, byte[] answer) in Answers())
        {
            yield return Case(name, Question.Resolve, Result(Hex(answer)), "eth_call");
        }
    }

    private static IEnumerable<(string Name, byte[] Answer)> Answers()
    {
        AbiValue[] signing = Script.Signing();
        yield return ("no answer at the head", []);
        yield return ("keys that begin at 2^255", Set(KeysOffset, [0x80, .. new byte[31]]));
        yield return ("2^255 keys", Set(KeyCount, [0x80, .. new byte[31]]));
        yield return ("2^32 keys", Set(KeyCount, Word(1L << 32)));
        yield return ("a key that begins at 2^255", Set(FirstKeyOffset, [0x80, .. new byte[31]]));
        yield return ("two keys in one place", Set(FirstKeyOffset + 1, Script.Answer().AsSpan(32 * FirstKeyOffset, 32).ToArray()));
        yield return ("bytes of a key that begin at 2^255", Set(FirstPublicKeyOffset, [0x80, .. new byte[31]]));
        yield return ("a word too much", [.. Script.Answer(), .. new byte[32]]);
        yield return ("a word too little", Script.Answer()[..^32]);
        yield return ("an owner of more than 20 bytes", Set(0, [1, .. Script.Answer().AsSpan(1, 31)]));
        yield return ("nobody as the owner", ScriptedRegistry.Answer(default, signing));
        yield return ("17 keys", ScriptedRegistry.Answer(Owner, [.. Enumerable.Range(1, 17).Select(tag => Script.Signing((byte)tag))]));
        yield return ("a key twice", ScriptedRegistry.Answer(Owner, signing, signing));
        yield return ("a key that is revoked", ScriptedRegistry.Answer(Owner, [.. signing[..6], AbiValue.Of(1), .. signing[7..]]));
        yield return ("a key under another name", ScriptedRegistry.Answer(Owner, [AbiValue.Of(new byte[32]), .. signing[1..]]));
        yield return ("a key under the name of another type", ScriptedRegistry.Answer(Owner, [signing[0], AbiValue.Of(4), .. signing[2..]]));
    }

    [TestCaseSource(nameof(Faults))]
    public async Task A_false_answer_fails_with_a_reason_and_is_not_remembered(Question about, Func<HostileRequest, byte[]?> answer, string reason)
    {
        bool isHostile = true;
        await using HostileNode node = new(request => isHostile && Ask(request) == about ? answer(request) : Script.Serve(request));
        using HttpEthereumRpc rpc = new(node.Url, new EthereumRpcOptions { MaxAttempts = 1, MaxResponseSize = LargestAnswer, Timeout = TimeSpan.FromSeconds(5) });
        CachingDidResolver resolver = new(new EthereumDidResolver(Script.Deployment, [rpc]));

        DidResolutionException? exception = Assert.ThrowsAsync<DidResolutionException>(async () => await resolver.ResolveAsync(Script.Did));
        Assert.That(exception!.Message, Does.Contain("0 answered, and 1 must").And.Contain(reason).And.Length.LessThan(600));
        Assert.That(exception.Message.Any(char.IsControl), Is.False);

        isHostile = false;
        int asked = node.Requests.Count;
        DidResolution honest = await resolver.ResolveAsync(Script.Did);
        Assert.That(honest.Document!.Authentication.Single().PublicKey, Is.EqualTo(Script.SigningKey));
        Assert.That(honest.Document.KeyAgreement, Has.Count.EqualTo(1));
        Assert.That(node.Requests, Has.Count.GreaterThan(asked));

        asked = node.Requests.Count;
        Assert.That((await resolver.ResolveAsync(Script.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
        Assert.That(node.Requests, Has.Count.EqualTo(asked), "What is cached needs no node.");
    }

    [Test]
    public async Task A_block_of_another_number_than_asked_for_is_refused()
    {
        bool isHostile = true;
        await using HostileNode node = new(request => isHostile && Ask(request) == Question.Confirmed ? HostileNode.Result(request, Block(94, TimeSpan.Zero)) : Script.Serve(request));
        using HttpEthereumRpc rpc = new(node.Url);
        CachingDidResolver resolver = new(new EthereumDidResolver(Script.Deployment, [rpc], new EthereumDidResolverOptions { Confirmations = 5 }));

        Assert.That(async () => await resolver.ResolveAsync(Script.Did), Throws.TypeOf<DidResolutionException>());
        isHostile = false;
        Assert.That((await resolver.ResolveAsync(Script.Did)).Document!.Authentication, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_proof_for_another_owner_than_the_answer_names_counts_for_nothing()
    {
        EthereumAddress thief = EthereumAddress.Parse("0x0000000000000000000000000000000000bad001");
        await using HostileNode node = new(request => Ask(request) == Question.Resolve
            ? HostileNode.Result(request, Hex(ScriptedRegistry.Answer(thief, Script.Signing(), Script.Agreeing())))
            : Script.Serve(request));
        using HttpEthereumRpc rpc = new(node.Url);

        DidResolution resolution = await new EthereumDidResolver(Script.Deployment, [rpc]).ResolveAsync(Script.Did);
        Assert.That(resolution.Document!.VerificationMethods, Is.Empty);
    }

    [Test]
    public async Task Another_owner_at_the_head_than_at_the_settled_block_deactivates()
    {
        EthereumAddress buyer = EthereumAddress.Parse("0x000000000000000000000000000000000000b0b0");
        string head = LogEmitter.Word(100).ToString();
        await using HostileNode node = new(request => Ask(request) == Question.Resolve && request.Body.Contains(head, StringComparison.Ordinal)
            ? HostileNode.Result(request, Hex(ScriptedRegistry.Answer(buyer, Script.Signing())))
            : Script.Serve(request));
        using HttpEthereumRpc rpc = new(node.Url);

        Assert.That((await new EthereumDidResolver(Script.Deployment, [rpc]).ResolveAsync(Script.Did)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
    }

    private static TestCaseData Case(string name, Question about, Func<HostileRequest, byte[]?> answer, string reason = "") =>
        new TestCaseData(about, answer, reason).SetName($"{{m}}({name})");

    private static Func<HostileRequest, byte[]?> Result(string result) => request => HostileNode.Result(request, result);

    private static Func<HostileRequest, byte[]?> Revert(string error, Action<AbiWriter> write)
    {
        AbiWriter writer = new(AbiSignature.Parse(error).Selector);
        write(writer);
        return request => HostileNode.Error(request, $$"""{"code":3,"message":"execution reverted","data":{{Hex(writer.ToArray())}}}""");
    }

    private static byte[] Set(int word, byte[] value)
    {
        byte[] answer = Script.Answer();
        value.CopyTo(answer, 32 * word);
        return answer;
    }

    private static byte[] Word(long value)
    {
        byte[] word = new byte[32];
        BinaryPrimitives.WriteInt64BigEndian(word.AsSpan(24), value);
        return word;
    }
}
