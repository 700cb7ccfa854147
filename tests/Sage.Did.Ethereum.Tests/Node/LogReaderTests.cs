using System.Globalization;
using System.Text.Json;

namespace Sage.Did.Ethereum.Tests.Node;

internal sealed class LogReaderTests
{
    private Anvil anvil = null!;
    private LogEmitter emitter = null!;
    private LogFilter filter = null!;

    [SetUp]
    public async Task Start()
    {
        anvil = await Anvil.StartAsync("--no-mining");
        emitter = new LogEmitter(anvil);
        await emitter.InstallAsync();
        filter = new LogFilter([emitter.Address]);
    }

    [TearDown]
    public async Task Stop()
    {
        if (anvil is not null)
        {
            await anvil.DisposeAsync();
        }
    }

    [Test]
    public async Task Pages_of_any_size_are_one_query()
    {
        await emitter.FillAsync(41);
        List<string> whole = await ReadAsync(maxBlocks: 100_000);
        Assert.That(whole, Has.Count.EqualTo(60));

        foreach (int size in (int[])[1, 2, 3, 5, 7, 16, 40, 41, 42])
        {
            Assert.That(await ReadAsync(size), Is.EqualTo(whole), $"pages of {size}");
        }
    }

    [Test]
    public async Task A_node_that_gives_few_blocks_at_once_is_asked_for_fewer_and_nothing_is_missing()
    {
        await emitter.FillAsync(41);
        int refused = 0;
        RpcDecorator stingy = new(anvil.Rpc, (request, node, token) =>
        {
            if (request.Method == "eth_getLogs" && Blocks(request) > 5)
            {
                refused++;
                throw new EthereumRpcException(-32005, "query exceeds max block range 5", default);
            }

            return node.SendAsync(request, token);
        });

        Assert.That(await ReadAsync(2_000, new EthereumClient(stingy)), Is.EqualTo(await ReadAsync(2_000)));
        Assert.That(refused, Is.InRange(1, 20));
    }

    [Test]
    public async Task What_halving_does_not_cure_is_told()
    {
        await emitter.FillAsync(8);
        RpcDecorator broken = new(anvil.Rpc, (request, node, token) => request.Method == "eth_getLogs"
            ? throw new EthereumRpcException(-32000, "no logs here", default)
            : node.SendAsync(request, token));

        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await ReadAsync(2_000, new EthereumClient(broken)));
        Assert.That(exception!.Code, Is.EqualTo(-32000));
    }

    [Test]
    public async Task Topics_choose()
    {
        await emitter.EmitAsync(1, 10);
        await emitter.EmitAsync(2, 20);
        await emitter.EmitAsync(3, 30);
        await anvil.MineAsync();
        LogReader reader = new(anvil.Client, new LogFilter([emitter.Address], [[LogEmitter.Word(1), LogEmitter.Word(3)]]));
        LogPage page = await reader.ReadPageAsync(new LogCursor(0), 1);

        Assert.That(page.Logs.Select(log => log.Topics[0]), Is.EqualTo(new[] { LogEmitter.Word(1), LogEmitter.Word(3) }));
        Assert.That(page.Logs[1].Data.Span[31], Is.EqualTo(30));
        Assert.That(page.Next.NextBlock, Is.EqualTo(2));
    }

    [TestCase(1, 1)]
    [TestCase(3, 2)]
    [TestCase(5, 100)]
    [TestCase(12, 1)]
    [TestCase(16, 7)]
    public async Task A_reorganisation_takes_back_what_it_took_and_the_rest_is_read_again(int depth, int size)
    {
        await emitter.FillAsync(16);
        LogReader reader = new(anvil.Client, filter, new LogReaderOptions { MaxBlocks = size });
        SortedDictionary<ulong, List<string>> mirror = [];
        LogCursor cursor = await FollowAsync(reader, new LogCursor(1), mirror);

        await anvil.ReorgAsync(depth);
        await emitter.FillAsync(3, topic: 2);
        await FollowAsync(reader, cursor, mirror);

        Assert.That(mirror.Values.SelectMany(logs => logs), Is.EqualTo(await ReadAsync(100_000)));
    }

    [Test]
    public async Task A_cursor_that_was_stored_is_used_by_another_reader()
    {
        await emitter.FillAsync(10);
        SortedDictionary<ulong, List<string>> mirror = [];
        LogCursor cursor = await FollowAsync(new LogReader(anvil.Client, filter, new LogReaderOptions { MaxBlocks = 2 }), new LogCursor(1), mirror);
        LogCursor stored = new(cursor.FirstBlock, cursor.Checkpoints.Select(checkpoint => new LogCheckpoint(checkpoint.Number, EthereumHash.Parse(checkpoint.Hash.ToString()))));

        await anvil.ReorgAsync(4);
        await emitter.FillAsync(4, topic: 9);
        await FollowAsync(new LogReader(anvil.Client, filter), stored, mirror);

        Assert.That(mirror.Values.SelectMany(logs => logs), Is.EqualTo(await ReadAsync(100_000)));
    }

    [Test]
    public async Task A_chain_that_moves_while_its_logs_are_read_is_read_again()
    {
        await emitter.FillAsync(8);
        int moved = 0;
        RpcDecorator moving = new(anvil.Rpc, async (request, node, token) =>
        {
            JsonElement answer = await node.SendAsync(request, token);
            if (request.Method == "eth_getLogs" && moved++ == 0)
            {
                await anvil.ReorgAsync(4);
            }

            return answer;
        });

        Assert.That(await ReadAsync(100_000, new EthereumClient(moving), last: 8), Is.EqualTo(await ReadAsync(100_000, last: 8)));
        Assert.That(moved, Is.EqualTo(2));
    }

    [Test]
    public async Task A_chain_that_never_holds_still_is_given_up()
    {
        await emitter.FillAsync(8);
        RpcDecorator moving = new(anvil.Rpc, async (request, node, token) =>
        {
            JsonElement answer = await node.SendAsync(request, token);
            if (request.Method == "eth_getLogs")
            {
                await anvil.ReorgAsync(2);
            }

            return answer;
        });

        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await ReadAsync(100_000, new EthereumClient(moving), last: 8));
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.Reorganized));
    }

    [Test]
    public void A_block_that_is_not_there_yet_is_unknown()
    {
        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await new LogReader(anvil.Client, filter).ReadPageAsync(new LogCursor(0), 10));
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.UnknownBlock));
    }

    private static ulong Blocks(EthereumRpcRequest request)
    {
        JsonElement asked = JsonDocument.Parse(request.Parameters).RootElement[0];
        return Number(asked, "toBlock") - Number(asked, "fromBlock") + 1;
    }

    private static ulong Number(JsonElement parent, string name) => ulong.Parse(parent.GetProperty(name).GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Describe(EthereumLog log) => $"{log.BlockNumber} {log.BlockHash} {log.LogIndex} {log.TransactionHash} {log.Topics[0]} {Convert.ToHexString(log.Data.Span)}";

    private async Task<LogCursor> FollowAsync(LogReader reader, LogCursor cursor, SortedDictionary<ulong, List<string>> mirror)
    {
        ulong head = (await anvil.Client.GetBlockAsync(BlockTag.Latest)).Number;
        await foreach (LogPage page in reader.ReadAllAsync(cursor, head))
        {
            foreach (ulong gone in mirror.Keys.Where(number => number >= page.RewoundTo).ToList())
            {
                mirror.Remove(gone);
            }

            foreach (IGrouping<ulong, EthereumLog> block in page.Logs.GroupBy(log => log.BlockNumber))
            {
                mirror.Add(block.Key, [.. block.Select(Describe)]);
            }

            cursor = page.Next;
        }

        return cursor;
    }

    private async Task<List<string>> ReadAsync(int maxBlocks, EthereumClient? client = null, ulong? last = null)
    {
        LogReader reader = new(client ?? anvil.Client, filter, new LogReaderOptions { MaxBlocks = maxBlocks });
        List<string> all = [];
        await foreach (LogPage page in reader.ReadAllAsync(new LogCursor(0), last ?? (await anvil.Client.GetBlockAsync(BlockTag.Latest)).Number))
        {
            Assert.That(page.RewoundTo, Is.Null);
            all.AddRange(page.Logs.Select(Describe));
        }

        return all;
    }
}
