using System.Text.Json;
using System.Text.RegularExpressions;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Vectors;

/// <summary>The ABI against the vectors of ethers, whose encodings the Solidity compiler made, and the examples of its specification.</summary>
[TestFixture]
internal sealed partial class AbiVectorTests
{
    [TestCase("contract-interface", 2045)]
    [TestCase("contract-interface-abi2", 1880)]
    public async Task The_values_of_ethers_encode_and_decode(string name, int count) =>
        EthersVectors.Check(await EthersVectors.ReadAsync(name), count, element =>
        {
            AbiType type = AbiType.Parse($"({string.Join(',', Strings(element, "types").Select(Canonical))})");
            byte[] expected = element.Hex("result");
            string field = element.TryGetProperty("normalizedValues", out _) ? "normalizedValues" : "values";
            using JsonDocument values = JsonDocument.Parse(element.GetProperty(field).GetString()!);
            AbiValue value = AbiValue.List([.. values.RootElement.EnumerateArray().Select((item, i) => VectorValues.Read(type.Components[i], item))]);
            return !AbiCodec.Encode(type, value).AsSpan().SequenceEqual(expected) ? $"{type} does not encode"
                : !AbiCodec.TryDecode(type, expected, out AbiValue? decoded) ? $"{type} does not decode"
                : !AbiCodec.Encode(type, decoded).AsSpan().SequenceEqual(expected) ? $"{type} decodes to something else"
                : null;
        });

    [Test]
    public async Task The_signatures_of_ethers_have_their_selectors() =>
        EthersVectors.Check(await EthersVectors.ReadAsync("contract-signatures"), 1880, element =>
            AbiSignature.Parse(element.GetProperty("signature").GetString()!).Selector.SequenceEqual(element.Hex("sigHash")) ? null : "another selector");

    [Test]
    public async Task The_logs_of_ethers_decode() =>
        EthersVectors.Check(await EthersVectors.ReadAsync("contract-events"), 2016, element =>
        {
            bool[] indexed = [.. element.GetProperty("indexed").EnumerateArray().Select(item => item.ValueKind == JsonValueKind.True)];
            AbiEvent signature = new($"testEvent({string.Join(',', element.GetProperty("types").EnumerateArray().Select(item => Canonical(item.GetString()!)))})", indexed);
            ReadOnlyMemory<byte>[] topics = [.. element.GetProperty("topics").EnumerateArray().Select(item => (ReadOnlyMemory<byte>)item.Hex())];
            if (element.GetProperty("interface").GetString()!.Contains("\"anonymous\":true", StringComparison.Ordinal))
            {
                if (signature.TryDecode(topics, element.Hex("data"), out _))
                {
                    return $"{signature.Signature} takes a log that does not name it";
                }

                topics = [signature.Signature.Hash, .. topics];
            }

            if (!signature.TryDecode(topics, element.Hex("data"), out IReadOnlyList<AbiValue>? decoded))
            {
                return $"{signature.Signature} does not decode";
            }

            JsonElement[] values = [.. element.GetProperty("normalizedValues").EnumerateArray()];
            JsonElement[] hashed = [.. element.GetProperty("hashed").EnumerateArray()];
            for (int i = 0; i < values.Length; i++)
            {
                AbiType type = hashed[i].ValueKind == JsonValueKind.True ? AbiType.Parse("bytes32") : signature.Signature.Arguments.Components[i];
                AbiType one = AbiType.TupleOf([type])!;
                byte[] expected = AbiCodec.Encode(one, AbiValue.List(VectorValues.Read(type, values[i])));
                if (!expected.AsSpan().SequenceEqual(AbiCodec.Encode(one, AbiValue.List(decoded[i]))))
                {
                    return $"argument {i} of {signature.Signature} is another";
                }
            }

            return null;
        });

    private static IEnumerable<string> Strings(JsonElement element, string name)
    {
        using JsonDocument document = JsonDocument.Parse(element.GetProperty(name).GetString()!);
        return [.. document.RootElement.EnumerateArray().Select(item => item.GetString()!)];
    }

    private static string Canonical(string type) => Alias().Replace(type.Replace("tuple(", "(", StringComparison.Ordinal), "${name}256");

    [GeneratedRegex(@"\b(?<name>u?int)(?![0-9a-z])")]
    private static partial Regex Alias();
}
