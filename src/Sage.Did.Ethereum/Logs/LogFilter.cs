using System.Text.Json;

namespace Sage.Did.Ethereum;

/// <summary>Which logs are asked for. Whatever a node gives that does not match is an invalid answer.</summary>
public sealed class LogFilter
{
    private const int MaxAlternatives = 256;

    private readonly EthereumAddress[] addresses;
    private readonly EthereumHash[][] topics;

    /// <summary>Makes a filter.</summary>
    /// <param name="addresses">The contracts, 1 to 256.</param>
    /// <param name="topics">For each of up to 4 topics the values of which a log has one; an empty list allows any. All logs if not given.</param>
    /// <exception cref="ArgumentException">There is no contract, or too many contracts, topics or values.</exception>
    public LogFilter(IEnumerable<EthereumAddress> addresses, IEnumerable<IEnumerable<EthereumHash>>? topics = null)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        this.addresses = [.. addresses];
        this.topics = [.. (topics ?? []).Select(alternatives => alternatives.ToArray())];
        if (this.addresses.Length is 0 or > MaxAlternatives)
        {
            throw new ArgumentException("A filter names 1 to 256 contracts.", nameof(addresses));
        }

        if (this.topics.Length > EthereumLog.MaxTopics || this.topics.Any(alternatives => alternatives.Length > MaxAlternatives))
        {
            throw new ArgumentException("A filter has at most 4 topics of at most 256 values.", nameof(topics));
        }
    }

    /// <summary>Whether a log is one of those asked for.</summary>
    /// <param name="log">The log.</param>
    public bool Matches(EthereumLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (!addresses.Contains(log.Address) || log.Topics.Count < topics.Length)
        {
            return false;
        }

        for (int i = 0; i < topics.Length; i++)
        {
            if (topics[i].Length > 0 && !topics[i].Contains(log.Topics[i]))
            {
                return false;
            }
        }

        return true;
    }

    internal EthereumRpcRequest ToRequest(ulong first, ulong last) => new("eth_getLogs", writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("fromBlock"u8, RpcHex.Quantity(first));
        writer.WriteString("toBlock"u8, RpcHex.Quantity(last));
        writer.WriteStartArray("address"u8);
        foreach (EthereumAddress address in addresses)
        {
            writer.WriteStringValue(address.ToLowerHex());
        }

        writer.WriteEndArray();
        WriteTopics(writer);
        writer.WriteEndObject();
    });

    private void WriteTopics(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("topics"u8);
        foreach (EthereumHash[] alternatives in topics)
        {
            if (alternatives.Length == 0)
            {
                writer.WriteNullValue();
                continue;
            }

            writer.WriteStartArray();
            foreach (EthereumHash topic in alternatives)
            {
                writer.WriteStringValue(topic.ToString());
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
