namespace Sage.Did.Ethereum.Tests.Unit.Logs;

internal sealed class HostileLogTests
{
    private const string Contract = "0x00000000000000000000000000000000000e1009";
    private static readonly string BlockHash = LogEmitter.Word(0xb10c).ToString();

    [TestCase("[]", 0)]
    [TestCase("[LOG]", 1)]
    [TestCase("[LOG,LOG]", 1)]
    [TestCase("[REMOVED]", 0)]
    [TestCase("[LOG,REMOVED]", 1)]
    public async Task A_log_counts_once_and_not_at_all_when_it_was_removed(string logs, int expected)
    {
        await using HostileNode node = Serve(logs);
        using HttpEthereumRpc rpc = new(node.Url);
        LogPage page = await new LogReader(new EthereumClient(rpc), new LogFilter([EthereumAddress.Parse(Contract)])).ReadPageAsync(new LogCursor(5), 5);

        Assert.That(page.Logs, Has.Count.EqualTo(expected));
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[null]")]
    [TestCase("[{}]")]
    [TestCase("[OTHERBLOCK]")]
    [TestCase("[OTHERCONTRACT]")]
    [TestCase("[OTHERTOPIC]")]
    [TestCase("[PENDING]")]
    [TestCase("[FIVETOPICS]")]
    [TestCase("[LOG,ODDDATA]")]
    public async Task Logs_that_were_not_asked_for_or_have_another_form_are_an_invalid_response(string logs)
    {
        await using HostileNode node = Serve(logs);
        using HttpEthereumRpc rpc = new(node.Url);
        LogReader reader = new(new EthereumClient(rpc), new LogFilter([EthereumAddress.Parse(Contract)], [[LogEmitter.Word(1)]]));

        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await reader.ReadPageAsync(new LogCursor(5), 5));
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.InvalidResponse));
    }

    [Test]
    public async Task Logs_of_another_branch_than_the_last_block_are_never_handed_out()
    {
        await using HostileNode node = Serve("[OTHERBRANCH]");
        using HttpEthereumRpc rpc = new(node.Url);
        LogReader reader = new(new EthereumClient(rpc), new LogFilter([EthereumAddress.Parse(Contract)]), new LogReaderOptions { MaxAttempts = 3 });

        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await reader.ReadPageAsync(new LogCursor(5), 5));
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.Reorganized));
        Assert.That(node.Requests.Count(request => request.Contains("eth_getLogs", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    private static HostileNode Serve(string logs)
    {
        string one = Log();
        string body = logs
            .Replace("OTHERBLOCK", Log(number: "0x6"), StringComparison.Ordinal)
            .Replace("OTHERCONTRACT", Log(address: "0x00000000000000000000000000000000000e1008"), StringComparison.Ordinal)
            .Replace("OTHERTOPIC", Log(topics: $"\"{LogEmitter.Word(2)}\""), StringComparison.Ordinal)
            .Replace("OTHERBRANCH", Log(hash: LogEmitter.Word(7).ToString()), StringComparison.Ordinal)
            .Replace("PENDING", one.Replace($"\"{BlockHash}\"", "null", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("FIVETOPICS", Log(topics: string.Join(',', Enumerable.Repeat($"\"{LogEmitter.Word(1)}\"", 5))), StringComparison.Ordinal)
            .Replace("ODDDATA", Log(data: "0x0"), StringComparison.Ordinal)
            .Replace("REMOVED", one.Replace("false", "true", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("LOG", one, StringComparison.Ordinal);
        return new HostileNode(request => HostileNode.Result(request, request.Method == "eth_getLogs"
            ? body
            : $$"""{"number":"0x5","hash":"{{BlockHash}}","parentHash":"{{LogEmitter.Word(4)}}","timestamp":"0x1"}"""));
    }

    private static string Log(string number = "0x5", string address = Contract, string? topics = null, string? hash = null, string data = "0x00") =>
        $$"""{"address":"{{address}}","topics":[{{topics ?? $"\"{LogEmitter.Word(1)}\""}}],"data":"{{data}}","blockNumber":"{{number}}","blockHash":"{{hash ?? BlockHash}}","transactionHash":"{{LogEmitter.Word(3)}}","logIndex":"0x0","removed":false}""";
}
