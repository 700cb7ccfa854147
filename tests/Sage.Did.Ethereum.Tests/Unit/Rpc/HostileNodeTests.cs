using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Sage.Did.Ethereum.Tests.Unit.Rpc;

internal sealed class HostileNodeTests
{
    private static readonly EthereumRpcOptions Quick = new()
    {
        FirstPause = TimeSpan.Zero,
        MaxPause = TimeSpan.Zero,
        Timeout = TimeSpan.FromSeconds(5),
        MaxAttempts = 3,
        MaxResponseSize = 64 * 1024,
    };

    private static readonly TestCaseData[] BadAnswers =
    [
        Case("HTML", _ => HostileNode.Http("<html><body>Sign in</body></html>", headers: "Content-Type: text/html\r\n")),
        Case("nothing", _ => HostileNode.Http("")),
        Case("half an answer of the right length", r => HostileNode.Http($$"""{"jsonrpc":"2.0","id":{{r.Id}},"result":"0x""")),
        Case("another id", r => HostileNode.Http($$"""{"jsonrpc":"2.0","id":{{r.Id + 1}},"result":"0x1"}""")),
        Case("the id as text", r => HostileNode.Http($$"""{"jsonrpc":"2.0","id":"{{r.Id}}","result":"0x1"}""")),
        Case("a result without an id", _ => HostileNode.Http("""{"jsonrpc":"2.0","id":null,"result":"0x1"}""")),
        Case("no version", r => HostileNode.Http($$"""{"id":{{r.Id}},"result":"0x1"}""")),
        Case("neither result nor error", r => HostileNode.Http($$"""{"jsonrpc":"2.0","id":{{r.Id}}}""")),
        Case("result and error", r => HostileNode.Error(r, """{"code":1,"message":"x"},"result":"0x1" """)),
        Case("two results", r => HostileNode.Http($$"""{"jsonrpc":"2.0","id":{{r.Id}},"result":"0x1","result":"0x2"}""")),
        Case("a batch", r => HostileNode.Http($$"""[{"jsonrpc":"2.0","id":{{r.Id}},"result":"0x1"}]""")),
        Case("an error without a code", r => HostileNode.Error(r, """{"message":"x"}""")),
        Case("more after the answer", r => HostileNode.Http($$"""{"jsonrpc":"2.0","id":{{r.Id}},"result":"0x1"} null""")),
        Case("bytes that are not UTF-8", r => HostileNode.Http([.. Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{r.Id}},"result":"""), 0x22, 0xFF, 0x22, 0x7D])),
        Case("broken compression", _ => HostileNode.Http("not gzip at all", headers: "Content-Encoding: gzip\r\n")),
    ];

    [TestCaseSource(nameof(BadAnswers))]
    public async Task An_answer_that_is_none_is_an_invalid_response_and_not_asked_for_again(Func<HostileRequest, byte[]?> answer)
    {
        await using HostileNode node = new(answer);
        EthereumRpcException exception = await FailAsync(node);

        Assert.That(exception.Error, Is.EqualTo(EthereumRpcError.InvalidResponse));
        Assert.That(node.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_answer_over_the_limit_is_too_large_also_when_only_its_compression_is_small()
    {
        byte[] huge = Encoding.ASCII.GetBytes("\"" + new string('0', 4 * 1024 * 1024) + "\"");
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(huge);
        }

        Assert.That(packed.Length, Is.LessThan(Quick.MaxResponseSize));
        await using HostileNode plain = new(_ => HostileNode.Http(huge));
        await using HostileNode bomb = new(_ => HostileNode.Http(packed.ToArray(), headers: "Content-Encoding: gzip\r\n"));

        Assert.That((await FailAsync(plain)).Error, Is.EqualTo(EthereumRpcError.TooLarge));
        Assert.That((await FailAsync(bomb)).Error, Is.EqualTo(EthereumRpcError.TooLarge));
    }

    [Test]
    public async Task An_answer_that_breaks_off_is_tried_again_for_a_read_as_often_as_allowed()
    {
        await using HostileNode node = new(_ => Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"jsonrpc\""));

        Assert.That((await FailAsync(node)).Error, Is.EqualTo(EthereumRpcError.Unreachable));
        Assert.That(node.Requests, Has.Count.EqualTo(3));
    }

    [TestCase(429)]
    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task A_read_survives_statuses_that_ask_for_patience_and_a_write_is_sent_once(int status)
    {
        await using HostileNode node = new(r => r.Number < 3 ? HostileNode.Http("busy", status) : HostileNode.Result(r, "\"0x7a69\""));
        using HttpEthereumRpc rpc = new(node.Url, Quick);
        Assert.That(await new EthereumClient(rpc).GetChainIdAsync(), Is.EqualTo(31337));
        Assert.That(node.Requests, Has.Count.EqualTo(3));

        await using HostileNode other = new(_ => HostileNode.Http("busy", status));
        EthereumRpcException exception = await FailAsync(other, "eth_sendRawTransaction");
        Assert.That((exception.Error, exception.HttpStatus, exception.IsTransient), Is.EqualTo((EthereumRpcError.Status, (int?)status, true)));
        Assert.That(other.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("eth_sendTransaction")]
    [TestCase("anvil_mine")]
    [TestCase("eth_sign")]
    [TestCase("eth_callMany")]
    public async Task What_is_not_known_to_be_a_read_is_sent_once(string method)
    {
        await using HostileNode node = new(_ => HostileNode.Http("busy", 503));
        await FailAsync(node, method);
        Assert.That(node.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(301)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using HostileNode target = new(r => HostileNode.Result(r, "\"0x1\""));
        await using HostileNode node = new(_ => HostileNode.Http("", status, $"Location: {target.Url}\r\n"));

        EthereumRpcException exception = await FailAsync(node);
        Assert.That((exception.Error, exception.HttpStatus), Is.EqualTo((EthereumRpcError.Status, (int?)status)));
        Assert.That(target.Requests, Is.Empty);
    }

    [Test]
    public async Task An_answer_from_another_url_does_not_count_even_when_the_given_connections_follow_a_redirect()
    {
        await using HostileNode target = new(r => HostileNode.Result(r, "\"0x1\""));
        await using HostileNode node = new(_ => HostileNode.Http("", 307, $"Location: {target.Url}\r\n"));
        using HttpClient following = new();
        using HttpEthereumRpc rpc = new(node.Url, Quick, following);

        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await rpc.SendAsync(new EthereumRpcRequest("eth_chainId")));
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.InvalidResponse));
    }

    [Test]
    public async Task A_node_that_says_nothing_times_out()
    {
        await using HostileNode node = new(_ => null);
        using HttpEthereumRpc rpc = new(node.Url, new EthereumRpcOptions { Timeout = TimeSpan.FromMilliseconds(100), MaxAttempts = 2, FirstPause = TimeSpan.Zero });

        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await rpc.SendAsync(new EthereumRpcRequest("eth_chainId")));
        Assert.That((exception!.Error, exception.IsTransient), Is.EqualTo((EthereumRpcError.Timeout, true)));
    }

    [Test]
    public async Task The_callers_cancellation_is_a_cancellation()
    {
        await using HostileNode node = new(_ => null);
        using HttpEthereumRpc rpc = new(node.Url, Quick);
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(100));

        Assert.That(async () => await rpc.SendAsync(new EthereumRpcRequest("eth_chainId"), source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Nobody_there_is_unreachable()
    {
        using HttpEthereumRpc rpc = new(new Uri("http://127.0.0.1:1/"), Quick);
        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await rpc.SendAsync(new EthereumRpcRequest("eth_chainId")));
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.Unreachable));
    }

    [TestCase(200, """{"code":3,"message":"execution reverted","data":"0x08c379a0"}""", 3, "execution reverted", "08C379A0")]
    [TestCase(400, """{"code":-32015,"message":"VM execution error.","data":"Reverted 0x08c379a0"}""", -32015, "VM execution error.", "08C379A0")]
    [TestCase(200, """{"code":-32603,"message":"wrapped","data":{"message":"x","data":"0x0102"}}""", -32603, "wrapped", "0102")]
    [TestCase(200, """{"code":-32603,"message":"wrapped","data":{"originalError":{"code":3,"data":"0x0102"}}}""", -32603, "wrapped", "0102")]
    [TestCase(200, """{"code":-32000,"message":"no bytes","data":"0x1"}""", -32000, "no bytes", "")]
    [TestCase(200, """{"code":-32000,"message":"two\nlines\u2028and\u0000more"}""", -32000, "two?lines?and?more", "")]
    public async Task An_error_object_is_told_with_its_code_its_message_and_its_bytes(int status, string error, int code, string message, string data)
    {
        await using HostileNode node = new(r => HostileNode.Error(r, error, status));
        EthereumRpcException exception = await FailAsync(node);

        Assert.That((exception.Error, exception.Code, exception.NodeMessage), Is.EqualTo((EthereumRpcError.Node, (int?)code, message)));
        Assert.That(Convert.ToHexString(exception.ErrorData.Span), Is.EqualTo(data));
        Assert.That(node.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_long_message_of_a_node_is_cut()
    {
        await using HostileNode node = new(r => HostileNode.Error(r, $$"""{"code":1,"message":"{{new string('x', 10_000)}}"}"""));
        Assert.That((await FailAsync(node)).NodeMessage, Has.Length.EqualTo(256));
    }

    [Test]
    public async Task An_error_of_a_request_that_the_node_could_not_read_needs_no_id()
    {
        await using HostileNode node = new(_ => HostileNode.Http("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}"""));
        Assert.That((await FailAsync(node)).Code, Is.EqualTo(-32700));
    }

    [Test]
    public async Task A_result_of_null_is_a_result()
    {
        await using HostileNode node = new(r => HostileNode.Result(r, "null"));
        using HttpEthereumRpc rpc = new(node.Url, Quick);
        Assert.That((await rpc.SendAsync(new EthereumRpcRequest("eth_getTransactionReceipt"))).ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("1")]
    [TestCase("\"1\"")]
    [TestCase("\"0x\"")]
    [TestCase("\"0x01\"")]
    [TestCase("\"0xg\"")]
    [TestCase("\"0x-1\"")]
    [TestCase("\"0x1 \"")]
    [TestCase("\"0x10000000000000000\"")]
    [TestCase("null")]
    [TestCase("{}")]
    public async Task A_quantity_is_read_strictly(string result)
    {
        await using HostileNode node = new(r => HostileNode.Result(r, result));
        using HttpEthereumRpc rpc = new(node.Url, Quick);
        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await new EthereumClient(rpc).GetChainIdAsync());
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.InvalidResponse));
    }

    [TestCase("\"0x1\"")]
    [TestCase("\"0x0g\"")]
    [TestCase("\"\"")]
    [TestCase("\"6001\"")]
    [TestCase("null")]
    [TestCase("[]")]
    public async Task Data_are_read_strictly(string result)
    {
        await using HostileNode node = new(r => HostileNode.Result(r, result));
        using HttpEthereumRpc rpc = new(node.Url, Quick);
        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await new EthereumClient(rpc).GetCodeAsync(EthereumAddress.Zero));
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.InvalidResponse));
    }

    [Test]
    public async Task Neither_the_path_nor_the_query_of_a_url_is_told()
    {
        await using HostileNode node = new(_ => HostileNode.Http("no", 401));
        using HttpEthereumRpc rpc = new(new Uri(node.Url, "/v3/0123456789abcdef?key=s3cret"), Quick);
        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await rpc.SendAsync(new EthereumRpcRequest("eth_chainId")));
        Assert.That(exception!.ToString(), Does.Not.Contain("0123456789abcdef").And.Not.Contains("s3cret"));
    }

    [TestCase("http://node.example/", false)]
    [TestCase("http://10.0.0.7/", false)]
    [TestCase("http://127.0.0.1:8545/", true)]
    [TestCase("http://localhost:8545/", true)]
    [TestCase("https://node.example/v3/key?x=1", true)]
    [TestCase("https://user:password@node.example/", false)]
    [TestCase("https://node.example/#x", false)]
    [TestCase("ftp://node.example/", false)]
    [TestCase("/relative", false)]
    public void A_nodes_url_is_https_or_on_this_machine(string url, bool isAllowed)
    {
        Action make = () => new HttpEthereumRpc(new Uri(url, UriKind.RelativeOrAbsolute)).Dispose();
        Assert.That(make, isAllowed ? Throws.Nothing : Throws.ArgumentException);
    }

    private static TestCaseData Case(string name, Func<HostileRequest, byte[]?> answer) => new TestCaseData(answer).SetArgDisplayNames(name);

    private static async Task<EthereumRpcException> FailAsync(HostileNode node, string method = "eth_chainId")
    {
        using HttpEthereumRpc rpc = new(node.Url, Quick);
        return await Task.FromResult(Assert.ThrowsAsync<EthereumRpcException>(async () => await rpc.SendAsync(new EthereumRpcRequest(method)))!);
    }
}
