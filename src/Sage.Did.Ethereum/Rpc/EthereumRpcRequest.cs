using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Sage.Did.Ethereum;

/// <summary>A method of the Ethereum JSON-RPC API with its parameters. Immutable; the same request may be sent to several nodes.</summary>
public sealed class EthereumRpcRequest
{
    // What changes nothing at the node and costs it a bounded effort. Any other method is sent once.
    private static readonly FrozenSet<string> Reads = FrozenSet.Create(
        StringComparer.Ordinal,
        "eth_blockNumber",
        "eth_call",
        "eth_chainId",
        "eth_estimateGas",
        "eth_feeHistory",
        "eth_gasPrice",
        "eth_getBalance",
        "eth_getBlockByHash",
        "eth_getBlockByNumber",
        "eth_getCode",
        "eth_getLogs",
        "eth_getProof",
        "eth_getStorageAt",
        "eth_getTransactionByHash",
        "eth_getTransactionCount",
        "eth_getTransactionReceipt",
        "eth_maxPriorityFeePerGas",
        "eth_syncing",
        "net_version",
        "web3_clientVersion");

    /// <summary>Makes a request.</summary>
    /// <param name="method">The method, for example <c>eth_call</c>: 1 to 64 ASCII letters, digits and underscores.</param>
    /// <param name="writeParameters">Writes the parameters, as elements of an array that is open already; none if not given.</param>
    /// <exception cref="ArgumentException">The method has another form.</exception>
    public EthereumRpcRequest(string method, Action<Utf8JsonWriter>? writeParameters = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.Length is 0 or > 64 || !method.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            throw new ArgumentException("A method is 1 to 64 ASCII letters, digits and underscores.", nameof(method));
        }

        Method = method;
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartArray();
            writeParameters?.Invoke(writer);
            writer.WriteEndArray();
        }

        Parameters = buffer.WrittenMemory;
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The parameters: a JSON array in UTF-8.</summary>
    public ReadOnlyMemory<byte> Parameters { get; }

    /// <summary>Whether asking again can do no harm: true for the methods known to only read, false for every other.</summary>
    public bool IsRepeatable => Reads.Contains(Method);

    /// <summary>The method; never the parameters, which may hold a signed transaction.</summary>
    public override string ToString() => Method;

    internal byte[] ToJson(long id)
    {
        // The method needs no escape and the parameters are JSON already.
        byte[] head = Encoding.ASCII.GetBytes($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{Method}}","params":""");
        byte[] json = new byte[head.Length + Parameters.Length + 1];
        head.CopyTo(json, 0);
        Parameters.Span.CopyTo(json.AsSpan(head.Length));
        json[^1] = (byte)'}';
        return json;
    }
}
