using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Sage.Did.Ethereum.Transactions;

namespace Sage.Did.Ethereum.Tests.Node;

internal sealed class TransactionSenderTests
{
    private static readonly UInt256 Gwei100 = 100_000_000_000;
    private static readonly EthereumAddress OneShot = EthereumAddress.Parse("0x0000000000000000000000000000000000000b0e");
    private static readonly EthereumAddress Refuses = EthereumAddress.Parse("0x0000000000000000000000000000000000000b0f");

    private Anvil anvil = null!;
    private LogEmitter emitter = null!;
    private TestAccount account = null!;

    [SetUp]
    public async Task Start() => await RestartAsync();

    [TearDown]
    public async Task Stop()
    {
        account?.Dispose();
        if (anvil is not null)
        {
            await anvil.DisposeAsync();
            anvil = null!;
        }
    }

    [Test]
    public async Task A_transaction_is_sent_and_its_receipt_tells_what_it_did()
    {
        using TransactionSender sender = Sender();
        TransactionReceipt receipt = await sender.ExecuteAsync(Draft(7));

        Assert.That((receipt.IsSuccess, receipt.Logs.Count, receipt.ContractAddress), Is.EqualTo((true, 1, (EthereumAddress?)null)));
        Assert.That(receipt.Logs[0].Data.Span[31], Is.EqualTo(7));
        Assert.That(receipt.GasPrice, Is.LessThanOrEqualTo(Gwei100));
    }

    [Test]
    public async Task A_contract_is_made_and_answers()
    {
        using TransactionSender sender = Sender();
        // CODECOPY of the ten bytes that follow, RETURN; they answer 42.
        TransactionReceipt receipt = await sender.ExecuteAsync(new TransactionDraft { Data = Convert.FromHexString("600a600c600039600a6000f3" + "602a60005260206000f3") });

        await anvil.Client.CheckAsync(Anvil.ChainId, [receipt.ContractAddress!.Value]);
        Assert.That((await anvil.Client.CallAsync(receipt.ContractAddress.Value, default, receipt.BlockHash)).Span[31], Is.EqualTo(42));
    }

    [Test]
    public async Task Parallel_senders_lose_and_double_nothing()
    {
        using TransactionSender sender = Sender();
        await SendInParallelAsync(sender);
        await AssertEachOnceAsync();
    }

    [Test]
    public async Task Two_senders_of_one_account_share_its_nonces()
    {
        using TransactionSender one = Sender();
        using TransactionSender two = Sender();
        await Task.WhenAll(SendInParallelAsync(one), SendInParallelAsync(two, first: 160));
        await AssertEachOnceAsync(320);
    }

    [Test]
    public async Task Parallel_senders_lose_and_double_nothing_when_the_node_drops_transactions_and_answers()
    {
        await RestartAsync("--no-mining");
        int asked = 0;
        ConcurrentDictionary<string, bool> met = new();
        RpcDecorator unreliable = new(anvil.Rpc, async (request, node, token) =>
        {
            // Only these are counted: among all requests, a last one that waits might never be the sixth.
            if (request.Method == "eth_getTransactionReceipt" && Interlocked.Increment(ref asked) % 6 == 0)
            {
                await anvil.MineAsync();
            }

            string bytes = request.Method == "eth_sendRawTransaction" ? Convert.ToHexString(request.Parameters.Span) : "";
            bool isFirst = bytes.Length > 0 && met.TryAdd(bytes, true);
            if (isFirst && met.Count % 7 == 1)
            {
                throw new EthereumRpcException(EthereumRpcError.Unreachable, "The request is lost.");
            }

            JsonElement answer = await node.SendAsync(request, token);
            if (isFirst && met.Count % 7 == 3)
            {
                throw new EthereumRpcException(EthereumRpcError.Timeout, "The answer is lost.");
            }

            if (isFirst && met.Count % 7 == 5)
            {
                await anvil.AskAsync("anvil_dropTransaction", answer.GetRawText());
            }

            return answer;
        });

        using TransactionSender sender = Sender(client: new EthereumClient(unreliable));
        await SendInParallelAsync(sender);
        await AssertEachOnceAsync();
        Assert.That(met, Has.Count.EqualTo(160), "something was signed twice");
    }

    [Test]
    public async Task What_may_have_been_sent_is_settled_with_the_same_bytes_before_anything_else_is()
    {
        bool isDown = true;
        List<string> sent = [];
        RpcDecorator flaky = new(anvil.Rpc, (request, node, token) =>
        {
            if (request.Method == "eth_sendRawTransaction")
            {
                sent.Add(Convert.ToHexString(request.Parameters.Span));
                if (isDown)
                {
                    throw new EthereumRpcException(EthereumRpcError.Unreachable, "The request is lost.");
                }
            }

            return node.SendAsync(request, token);
        });
        using TransactionSender sender = Sender(client: new EthereumClient(flaky));

        EthereumTransactionException? unknown = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.SendAsync(Draft(1)));
        EthereumTransactionException? still = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.SendAsync(Draft(2)));
        Assert.That((unknown!.Error, still!.Error), Is.EqualTo((EthereumTransactionError.OutcomeUnknown, EthereumTransactionError.OutcomeUnknown)));
        Assert.That(still.Transaction, Is.SameAs(unknown.Transaction));
        Assert.That(sent.Distinct().Count(), Is.EqualTo(1));

        isDown = false;
        await sender.ExecuteAsync(Draft(3));
        await sender.WaitAsync(unknown.Transaction!);
        Assert.That((await LoggedAsync()).Order(), Is.EqualTo(new byte[] { 1, 3 }));
        Assert.That(sent.Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_transaction_that_was_sent_is_named_when_the_node_fails_afterwards()
    {
        RpcDecorator failing = new(anvil.Rpc, (request, node, token) => request.Method == "eth_getTransactionReceipt"
            ? throw new EthereumRpcException(EthereumRpcError.Unreachable, "The node is gone.")
            : node.SendAsync(request, token));
        using TransactionSender sender = Sender(client: new EthereumClient(failing));

        EthereumTransactionException? exception = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.ExecuteAsync(Draft(1)));
        Assert.That(exception!.Error, Is.EqualTo(EthereumTransactionError.OutcomeUnknown));
        Assert.That(exception.Message, Does.Contain(exception.Transaction!.Hash.ToString()));

        using TransactionSender other = Sender();
        Assert.That((await other.WaitAsync(exception.Transaction)).IsSuccess, "It is on the chain for whoever asks again.");
    }

    [Test]
    public async Task A_receipt_that_a_reorganisation_takes_away_does_not_count_and_the_transaction_is_sent_again()
    {
        await RestartAsync("--no-mining");
        using TransactionSender sender = Sender(options => options.Confirmations = 3);
        await anvil.MineAsync(3);
        SentTransaction sent = await sender.SendAsync(Draft(1));
        await anvil.MineAsync();
        EthereumHash lost = (await anvil.Client.GetBlockAsync(BlockTag.Latest)).Hash;

        int polls = 0;
        RpcDecorator stepping = new(anvil.Rpc, async (request, node, token) =>
        {
            JsonElement answer = await node.SendAsync(request, token);
            if (request.Method == "eth_getTransactionReceipt")
            {
                await (++polls == 2 ? anvil.ReorgAsync(1) : anvil.MineAsync(polls > 3 ? 1 : 0));
            }

            return answer;
        });
        using TransactionSender follower = Sender(options => options.Confirmations = 3, new EthereumClient(stepping));
        TransactionReceipt receipt = await follower.WaitAsync(sent);

        Assert.That(receipt.BlockHash, Is.Not.EqualTo(lost));
        Assert.That((await anvil.Client.GetBlockAsync(BlockTag.Latest)).Number, Is.GreaterThanOrEqualTo(receipt.BlockNumber + 2));
        Assert.That(await LoggedAsync(), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task A_confirmed_transaction_that_the_chain_loses_is_sent_again_before_the_next()
    {
        using TransactionSender sender = Sender();
        await sender.ExecuteAsync(Draft(1));
        await sender.ExecuteAsync(Draft(2));
        await anvil.ReorgAsync(2);
        Assert.That(await anvil.Client.GetTransactionCountAsync(account.Address, withPending: false), Is.Zero);

        await sender.ExecuteAsync(Draft(3));
        Assert.That(await LoggedAsync(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_transaction_that_would_revert_is_not_signed_and_one_that_did_tells_why()
    {
        await RestartAsync("--no-mining");
        // The first call stores 1; every other reverts with 0xdeadbeef.
        await anvil.AskAsync("anvil_setCode", $"\"{OneShot.ToLowerHex()}\"", "\"0x600054600c576001600055005b63deadbeef6000526004601cfd\"");
        bool isBlind = true;
        RpcDecorator blind = new(anvil.Rpc, (request, node, token) => request.Method == "eth_estimateGas" && isBlind
            ? ValueTask.FromResult(JsonDocument.Parse("\"0x186a0\"").RootElement)
            : node.SendAsync(request, token));
        using TransactionSender sender = Sender(client: new EthereumClient(blind));
        SentTransaction first = await sender.SendAsync(new TransactionDraft { To = OneShot });
        SentTransaction second = await sender.SendAsync(new TransactionDraft { To = OneShot });
        await anvil.MineAsync();
        await sender.WaitAsync(first);

        EthereumTransactionException? reverted = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.WaitAsync(second));
        isBlind = false;
        EthereumTransactionException? would = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.SendAsync(new TransactionDraft { To = OneShot }));
        Assert.That((reverted!.Error, would!.Error), Is.EqualTo((EthereumTransactionError.Reverted, EthereumTransactionError.WouldRevert)));
        Assert.That((Convert.ToHexString(reverted.RevertData.Span), Convert.ToHexString(would.RevertData.Span)), Is.EqualTo(("DEADBEEF", "DEADBEEF")));
        Assert.That(reverted.Receipt!.IsSuccess, Is.False);
        Assert.That(await anvil.Client.GetTransactionCountAsync(account.Address, withPending: true), Is.EqualTo(2));
    }

    [Test]
    public async Task The_words_of_a_contract_that_refuses_are_told()
    {
        // Reverts with whatever it is called with.
        await anvil.AskAsync("anvil_setCode", $"\"{Refuses.ToLowerHex()}\"", "\"0x366000600037366000fd\"");
        using TransactionSender sender = Sender();
        byte[] error = Convert.FromHexString("08c379a0" + 32.ToString("x64", CultureInfo.InvariantCulture) + 2.ToString("x64", CultureInfo.InvariantCulture) + "6e6f".PadRight(64, '0'));

        EthereumTransactionException? would = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.SendAsync(new TransactionDraft { To = Refuses, Data = error }));
        Assert.That(would!.Message, Does.Contain("reverted: no"));
    }

    [Test]
    public void What_the_caller_does_not_allow_to_be_spent_is_not()
    {
        ConcurrentQueue<string> methods = new();
        RpcDecorator watched = new(anvil.Rpc, (request, node, token) =>
        {
            methods.Enqueue(request.Method);
            return node.SendAsync(request, token);
        });
        EthereumClient client = new(watched);
        using TransactionSender cheap = new(client, account.Signer, Anvil.ChainId, new TransactionSenderOptions(1_000));
        using TransactionSender little = Sender(options => options.MaxGas = 21_500, client);
        using TransactionSender sender = Sender(client: client);

        EthereumTransactionException? fee = Assert.ThrowsAsync<EthereumTransactionException>(async () => await cheap.SendAsync(Draft(1)));
        EthereumTransactionException? gas = Assert.ThrowsAsync<EthereumTransactionException>(async () => await little.SendAsync(Draft(1)));
        EthereumTransactionException? value = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.SendAsync(new TransactionDraft { To = emitter.Address, Value = 1 }));
        Assert.That((fee!.Error, gas!.Error, value!.Error), Is.EqualTo((EthereumTransactionError.FeeTooHigh, EthereumTransactionError.GasTooHigh, EthereumTransactionError.ValueTooHigh)));
        Assert.That(methods, Does.Not.Contain("eth_sendRawTransaction"));
    }

    [Test]
    public async Task What_a_signer_signs_for_another_account_is_not_sent()
    {
        using TestAccount other = await TestAccount.CreateAsync(anvil);
        using TransactionSender sender = new(anvil.Client, new Impostor(account.Address, other.Signer), Anvil.ChainId, Options());

        EthereumTransactionException? exception = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.SendAsync(Draft(1)));
        Assert.That(exception!.Error, Is.EqualTo(EthereumTransactionError.SignerMismatch));
        Assert.That(await anvil.Client.GetTransactionCountAsync(other.Address, withPending: true), Is.Zero);
    }

    [Test]
    public async Task A_node_of_another_chain_gets_nothing()
    {
        using TransactionSender sender = new(anvil.Client, account.Signer, 1, Options());
        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await sender.SendAsync(Draft(1)));
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.WrongChain));
        Assert.That(await anvil.Client.GetTransactionCountAsync(account.Address, withPending: true), Is.Zero);
    }

    [Test]
    public async Task A_replacement_pays_more_and_only_one_of_the_two_is_carried_out()
    {
        await RestartAsync("--no-mining");
        using TransactionSender sender = Sender();
        SentTransaction sent = await sender.SendAsync(Draft(1));
        EthereumHash first = sent.Hash;
        await sender.ReplaceAsync(sent);
        Assert.That(sent.Hash, Is.Not.EqualTo(first));
        await anvil.MineAsync();

        Assert.That((await sender.WaitAsync(sent)).TransactionHash, Is.EqualTo(sent.Hash));
        Assert.That(await LoggedAsync(), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task A_tip_keeps_its_bound_and_a_replacement_that_needs_more_is_refused()
    {
        await RestartAsync("--no-mining");
        using TransactionSender sender = Sender(options => (options.MinTipPerGas, options.MaxTipPerGas) = (100, 100));
        SentTransaction sent = await sender.SendAsync(Draft(1));
        JsonElement found = await anvil.AskAsync("eth_getTransactionByHash", $"\"{sent.Hash}\"");
        Assert.That(found.GetProperty("maxPriorityFeePerGas").GetString(), Is.EqualTo("0x64"));

        EthereumTransactionException? exception = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.ReplaceAsync(sent));
        Assert.That(exception!.Error, Is.EqualTo(EthereumTransactionError.FeeTooHigh));
        Assert.That(() => Sender(options => options.MaxTipPerGas = 1), Throws.InstanceOf<ArgumentOutOfRangeException>(), "below the least tip");
    }

    [Test]
    public async Task Another_process_that_sends_from_the_account_is_given_way()
    {
        using TransactionSender sender = Sender();
        await sender.ExecuteAsync(Draft(1));
        SentTransaction held = await sender.SendAsync(Draft(2));
        await SendForeignAsync(Draft(3));
        await SendForeignAsync(Draft(4));
        await sender.ExecuteAsync(Draft(5));
        await sender.WaitAsync(held);

        Assert.That(await LoggedAsync(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }));
    }

    [Test]
    public async Task A_sender_that_starts_anew_goes_on_behind_what_the_node_holds()
    {
        await RestartAsync("--no-mining");
        using (TransactionSender before = Sender())
        {
            await before.SendAsync(Draft(1));
            await before.SendAsync(Draft(2));
        }

        using TransactionSender after = Sender();
        SentTransaction sent = await after.SendAsync(Draft(3));
        Assert.That(sent.Nonce, Is.EqualTo(2));
        await anvil.MineAsync();
        await after.WaitAsync(sent);
        Assert.That(await LoggedAsync(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_sender_that_starts_anew_takes_the_place_of_what_the_node_dropped()
    {
        await RestartAsync("--no-mining");
        using (TransactionSender before = Sender())
        {
            SentTransaction lost = await before.SendAsync(Draft(1));
            await anvil.AskAsync("anvil_dropTransaction", $"\"{lost.Hash}\"");
        }

        using TransactionSender after = Sender();
        SentTransaction sent = await after.SendAsync(Draft(2));
        Assert.That(sent.Nonce, Is.Zero);
        await anvil.MineAsync();
        await after.WaitAsync(sent);
        Assert.That(await LoggedAsync(), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task A_dropped_transaction_is_sent_again_by_whoever_waits_for_it_or_for_one_behind_it()
    {
        await RestartAsync("--no-mining");
        int asked = 0;
        RpcDecorator mining = new(anvil.Rpc, async (request, node, token) =>
        {
            if (request.Method == "eth_getTransactionReceipt" && ++asked % 3 == 0)
            {
                await anvil.MineAsync();
            }

            return await node.SendAsync(request, token);
        });
        using TransactionSender sender = Sender(client: new EthereumClient(mining));
        SentTransaction[] sent = [await sender.SendAsync(Draft(1)), await sender.SendAsync(Draft(2)), await sender.SendAsync(Draft(3))];
        await anvil.AskAsync("anvil_dropTransaction", $"\"{sent[0].Hash}\"");
        await anvil.AskAsync("anvil_dropTransaction", $"\"{sent[2].Hash}\"");

        await sender.WaitAsync(sent[2]);
        Assert.That(await LoggedAsync(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_transaction_whose_nonce_a_foreign_one_used_is_told_as_replaced()
    {
        await RestartAsync("--no-mining");
        using TransactionSender one = Sender();
        SentTransaction sent = await one.SendAsync(Draft(1));
        await anvil.AskAsync("anvil_dropTransaction", $"\"{sent.Hash}\"");
        await SendForeignAsync(Draft(2));
        await anvil.MineAsync();

        EthereumTransactionException? exception = Assert.ThrowsAsync<EthereumTransactionException>(async () => await one.WaitAsync(sent));
        Assert.That(exception!.Error, Is.EqualTo(EthereumTransactionError.Replaced));
    }

    [Test]
    public async Task More_than_allowed_are_not_sent_and_the_wait_for_one_has_an_end()
    {
        await RestartAsync("--no-mining");
        using TransactionSender sender = Sender(options => (options.MaxInFlight, options.ReceiptTimeout) = (2, TimeSpan.FromMilliseconds(50)));
        SentTransaction first = await sender.SendAsync(Draft(1));
        await sender.SendAsync(Draft(2));

        EthereumTransactionException? busy = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.SendAsync(Draft(3)));
        EthereumTransactionException? late = Assert.ThrowsAsync<EthereumTransactionException>(async () => await sender.WaitAsync(first));
        Assert.That((busy!.Error, late!.Error), Is.EqualTo((EthereumTransactionError.Busy, EthereumTransactionError.TimedOut)));

        await anvil.MineAsync();
        await sender.SendAsync(Draft(3));
        await anvil.MineAsync();
        Assert.That(await LoggedAsync(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    private static TransactionSenderOptions Options(Action<TransactionSenderOptions>? change = null)
    {
        TransactionSenderOptions options = new(Gwei100) { PollInterval = TimeSpan.FromMilliseconds(10), ReceiptTimeout = TimeSpan.FromMinutes(2) };
        change?.Invoke(options);
        return options;
    }

    private TransactionSender Sender(Action<TransactionSenderOptions>? change = null, EthereumClient? client = null) => new(client ?? anvil.Client, account.Signer, Anvil.ChainId, Options(change));

    private TransactionDraft Draft(int value) => new() { To = emitter.Address, Data = (byte[])[.. LogEmitter.Word(1).ToArray(), .. LogEmitter.Word((ulong)value).ToArray()] };

    private async Task RestartAsync(params string[] arguments)
    {
        await Stop();
        anvil = await Anvil.StartAsync(arguments);
        emitter = new LogEmitter(anvil);
        await emitter.InstallAsync();
        account = await TestAccount.CreateAsync(anvil);
    }

    private Task SendInParallelAsync(TransactionSender sender, int first = 0) => Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
    {
        for (int i = 0; i < 20; i++)
        {
            await sender.ExecuteAsync(Draft(first + (thread * 20) + i));
        }
    })));

    /// <summary>What somebody else who has the account's key does.</summary>
    private async Task SendForeignAsync(TransactionDraft draft)
    {
        Eip1559Transaction transaction = new()
        {
            ChainId = Anvil.ChainId,
            Nonce = await anvil.Client.GetTransactionCountAsync(account.Address, withPending: true),
            MaxPriorityFeePerGas = 1_000_000_000,
            MaxFeePerGas = Gwei100,
            GasLimit = 100_000,
            To = draft.To,
            Data = draft.Data,
        };
        SignedTransaction signed = await transaction.SignAsync(account.Signer);
        await anvil.AskAsync("eth_sendRawTransaction", $"\"0x{Convert.ToHexStringLower(signed.Raw.Span)}\"");
    }

    private async Task AssertEachOnceAsync(int count = 160)
    {
        Assert.That((await LoggedAsync()).Order(), Is.EqualTo(Enumerable.Range(0, count)));
        Assert.That(await anvil.Client.GetTransactionCountAsync(account.Address, withPending: true), Is.EqualTo(count));
    }

    private async Task<List<int>> LoggedAsync()
    {
        List<int> logged = [];
        ulong head = (await anvil.Client.GetBlockAsync(BlockTag.Latest)).Number;
        await foreach (LogPage page in new LogReader(anvil.Client, new LogFilter([emitter.Address])).ReadAllAsync(new LogCursor(0), head))
        {
            logged.AddRange(page.Logs.Select(log => BinaryPrimitives.ReadInt32BigEndian(log.Data.Span[28..])));
        }

        return logged;
    }

    private sealed class Impostor(EthereumAddress address, IEthereumSigner inner) : IEthereumSigner
    {
        public EthereumAddress Address => address;

        public ValueTask<EthereumSignature> SignDigestAsync(ReadOnlyMemory<byte> digest, EthereumSigningPurpose purpose, CancellationToken cancellationToken = default) =>
            inner.SignDigestAsync(digest, purpose, cancellationToken);
    }
}
