using System.Text;

namespace Sage.Did.Ethereum.Abi;

/// <summary>Reads revert data: <c>Error(string)</c>, <c>Panic(uint256)</c> and the errors a contract declares, by selector.</summary>
internal sealed class AbiErrors
{
    private const int MaximumMessage = 256;

    private static readonly AbiSignature Error = AbiSignature.Parse("Error(string)");
    private static readonly AbiSignature Panic = AbiSignature.Parse("Panic(uint256)");

    private readonly Dictionary<string, AbiSignature> bySelector;

    /// <param name="signatures">The errors a contract declares, in canonical form.</param>
    public AbiErrors(params IEnumerable<string> signatures) => bySelector = signatures.Select(AbiSignature.Parse)
        .Prepend(Panic).Prepend(Error)
        .ToDictionary(error => Convert.ToHexStringLower(error.Selector));

    public RevertReason Read(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
        {
            return new RevertReason("", null, [], data.IsEmpty ? "reverted without data" : "reverted with malformed data");
        }

        string selector = Convert.ToHexStringLower(data[..4]);
        if (!bySelector.TryGetValue(selector, out AbiSignature? error))
        {
            return new RevertReason(selector, null, [], $"reverted with an unknown error 0x{selector}");
        }

        if (!AbiCodec.TryDecode(error.Arguments, data[4..], out AbiValue? arguments))
        {
            return new RevertReason(selector, null, [], $"reverted with malformed data for {error}");
        }

        string message = error == Error ? $"reverted: {OneLine(arguments.Items![0].Text!)}"
            : error == Panic ? $"panicked: {Meaning(arguments.Items![0].Number!.Value)}"
            : $"reverted with {error.Name}";
        return new RevertReason(selector, error, arguments.Items!, message);
    }

    // The codes of the Solidity documentation, "Panic via assert and Error via require".
    private static string Meaning(UInt256 code) => !code.TryToUInt64(out ulong small) ? "unknown code" : small switch
    {
        0x00 => "0x00, of the compiler",
        0x01 => "0x01, assertion",
        0x11 => "0x11, arithmetic overflow",
        0x12 => "0x12, division by zero",
        0x21 => "0x21, no such enumeration member",
        0x22 => "0x22, storage byte array wrongly encoded",
        0x31 => "0x31, pop of an empty array",
        0x32 => "0x32, index out of bounds",
        0x41 => "0x41, too much memory",
        0x51 => "0x51, call of a zero function",
        _ => code.ToQuantity(),
    };

    private static string OneLine(string text)
    {
        StringBuilder line = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > MaximumMessage)
            {
                return line.Append('…').ToString();
            }

            // Control and format characters could forge lines of a log or turn its text around.
            bool plain = Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
            line.Append(plain ? rune.ToString() : "\uFFFD");
        }

        return line.ToString();
    }
}
