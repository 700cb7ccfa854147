using System.Text;

namespace Sage.Did.Ethereum.Tests.Unit.Rpc;

internal sealed class EthereumRpcRequestTests
{
    [Test]
    public void A_request_is_written_as_json_rpc_2_and_says_only_its_method_of_itself()
    {
        EthereumRpcRequest request = new("eth_sendRawTransaction", writer => writer.WriteStringValue("0x02f8"));

        Assert.That(Encoding.UTF8.GetString(request.ToJson(7)), Is.EqualTo("""{"jsonrpc":"2.0","id":7,"method":"eth_sendRawTransaction","params":["0x02f8"]}"""));
        Assert.That(request.ToString(), Is.EqualTo("eth_sendRawTransaction"));
    }

    [Test]
    public void Without_parameters_the_array_is_empty() =>
        Assert.That(Encoding.UTF8.GetString(new EthereumRpcRequest("eth_chainId").Parameters.Span), Is.EqualTo("[]"));

    [TestCase("")]
    [TestCase("eth call")]
    [TestCase("eth_call\",\"x")]
    [TestCase("ethé")]
    public void A_method_of_another_form_is_refused(string method) =>
        Assert.That(() => new EthereumRpcRequest(method), Throws.ArgumentException);

    [TestCase("eth_call", true)]
    [TestCase("eth_getLogs", true)]
    [TestCase("eth_sendRawTransaction", false)]
    [TestCase("ETH_CALL", false)]
    [TestCase("evm_mine", false)]
    public void Only_known_reads_are_repeatable(string method, bool isRepeatable) =>
        Assert.That(new EthereumRpcRequest(method).IsRepeatable, Is.EqualTo(isRepeatable));
}
