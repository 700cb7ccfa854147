using System.Diagnostics.CodeAnalysis;
using Sage.Crypto.Internal;

namespace Sage.Did.Ethereum.Abi;

/// <summary>An event of a contract: its signature, and which of its arguments are topics.</summary>
internal sealed class AbiEvent
{
    private readonly bool[] indexed;
    private readonly AbiType data;

    /// <param name="signature">The signature in canonical form.</param>
    /// <param name="indexed">Whether each argument is indexed; at most three are.</param>
    /// <exception cref="ArgumentException">The two do not fit each other.</exception>
    public AbiEvent(string signature, params bool[] indexed)
    {
        Signature = AbiSignature.Parse(signature);
        if (indexed.Length != Signature.Arguments.Components.Count || indexed.Count(topic => topic) > 3)
        {
            throw new ArgumentException("Each argument is indexed or not, and at most three are.", nameof(indexed));
        }

        this.indexed = indexed;
        data = AbiType.TupleOf([.. Signature.Arguments.Components.Where((_, i) => !indexed[i])])!;
    }

    public AbiSignature Signature { get; }

    /// <summary>Whether a log is of this event: its first topic, never its name, says so.</summary>
    public bool Matches(IReadOnlyList<ReadOnlyMemory<byte>> topics) =>
        topics.Count > 0 && Bytes.PublicEquals(topics[0].Span, Signature.Hash.Span);

    /// <summary>Reads the arguments in the order of the signature; an indexed one that does not fit into a topic is there as its hash.</summary>
    public bool TryDecode(IReadOnlyList<ReadOnlyMemory<byte>> topics, ReadOnlySpan<byte> logData, [NotNullWhen(true)] out IReadOnlyList<AbiValue>? arguments)
    {
        arguments = null;
        if (!Matches(topics) || topics.Count != 1 + indexed.Count(topic => topic) || !AbiCodec.TryDecode(data, logData, out AbiValue? rest))
        {
            return false;
        }

        AbiValue[] values = new AbiValue[indexed.Length];
        int nextTopic = 1;
        int nextValue = 0;
        for (int i = 0; i < indexed.Length; i++)
        {
            if (!indexed[i])
            {
                values[i] = rest.Items![nextValue++];
            }
            else if (ReadTopic(Signature.Arguments.Components[i], topics[nextTopic++]) is { } value)
            {
                values[i] = value;
            }
            else
            {
                return false;
            }
        }

        arguments = values;
        return true;
    }

    private static AbiValue? ReadTopic(AbiType type, ReadOnlyMemory<byte> topic)
    {
        if (type.IsDynamic || type.Kind is AbiKind.Tuple or AbiKind.FixedArray)
        {
            return topic.Length == AbiWord.Size ? AbiValue.Of(topic) : null;
        }

        return AbiCodec.TryDecode(AbiType.TupleOf([type])!, topic.Span, out AbiValue? value) ? value.Items![0] : null;
    }
}
