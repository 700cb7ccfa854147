using System.Diagnostics.CodeAnalysis;
using System.Text;
using Sage.Crypto.Internal.Backend;

namespace Sage.Did.Ethereum.Abi;

/// <summary>The signature of a function, an event or an error: its name and the types of its arguments.</summary>
internal sealed class AbiSignature
{
    private AbiSignature(string name, AbiType arguments)
    {
        Name = name;
        Arguments = arguments;
        byte[] hash = new byte[Keccak256.Size];
        Keccak256.Hash(Encoding.ASCII.GetBytes(ToString()), hash);
        Hash = hash;
    }

    public string Name { get; }

    /// <summary>The types of the arguments, as a tuple.</summary>
    public AbiType Arguments { get; }

    /// <summary>The Keccak-256 of the text: topic 0 of an event.</summary>
    public ReadOnlyMemory<byte> Hash { get; }

    /// <summary>The first four bytes of the hash: how a call names a function, and revert data an error.</summary>
    public ReadOnlySpan<byte> Selector => Hash.Span[..4];

    /// <summary>Reads <c>name(type,…)</c> in canonical form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out AbiSignature? signature)
    {
        signature = null;
        int open = text.IndexOf('(');
        if (open <= 0 || !IsIdentifier(text[..open]) || !AbiType.TryParse(text[open..], out AbiType? arguments) || arguments.Kind != AbiKind.Tuple)
        {
            return false;
        }

        signature = new AbiSignature(text[..open].ToString(), arguments);
        return true;
    }

    public static AbiSignature Parse(string text) => TryParse(text, out AbiSignature? signature) ? signature : throw new FormatException($"'{text}' is no signature.");

    /// <summary>The text that is hashed.</summary>
    public override string ToString() => $"{Name}{Arguments}";

    private static bool IsIdentifier(ReadOnlySpan<char> name)
    {
        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '$'))
            {
                return false;
            }
        }

        return !char.IsAsciiDigit(name[0]);
    }
}
