using System.Text;
using System.Text.Json;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Eip712;
using Sage.Did.Ethereum.Internal;

namespace Sage.Cli;

/// <summary>One of the contracts as the compiler made it: the code that creates it, and the code that must then be on the chain, to the byte.</summary>
internal sealed class ContractCode
{
    private const string Version = "1";
    private const int WordSize = 32;

    private readonly string resource;
    private readonly string domainName;

    private ContractCode(string resource, string domainName)
    {
        this.resource = resource;
        this.domainName = domainName;
    }

    public static ContractCode AgentIdentity { get; } = new("AgentIdentity", "ERC8004IdentityRegistry");

    public static ContractCode SageKeyRegistry { get; } = new("SageKeyRegistry", "SageKeyRegistry");

    /// <summary>What makes the contract when it is sent to no address.</summary>
    /// <param name="arguments">The constructor's, encoded.</param>
    public byte[] Create(ReadOnlySpan<byte> arguments)
    {
        using Stream stream = Open(".bin");
        using StreamReader reader = new(stream, Encoding.ASCII);
        return [.. Convert.FromHexString(reader.ReadToEnd().TrimEnd()), .. arguments];
    }

    /// <summary>What is at the contract's address once it is made: what the constructor computed is in it.</summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="address">The contract.</param>
    /// <param name="identity">The identity registry, which a key registry has in its code.</param>
    public byte[] OnChain(ulong chainId, EthereumAddress address, EthereumAddress identity)
    {
        using Stream stream = Open(".code.json");
        using JsonDocument document = JsonDocument.Parse(stream);
        byte[] code = Convert.FromHexString(document.RootElement.GetProperty("code").GetString()!);
        foreach (JsonProperty immutable in document.RootElement.GetProperty("immutables").EnumerateObject())
        {
            byte[] value = Immutable(immutable.Name, chainId, address, identity);
            foreach (JsonElement place in immutable.Value.EnumerateArray())
            {
                value.CopyTo(code, place.GetInt32());
            }
        }

        return code;
    }

    private static byte[] Word(EthereumAddress address) => [.. new byte[WordSize - EthereumAddress.Size], .. address.ToArray()];

    private static byte[] Word(ulong number)
    {
        byte[] word = new byte[WordSize];
        ((UInt256)number).WriteBigEndian(word);
        return word;
    }

    // A text of less than 32 bytes as OpenZeppelin keeps it: the bytes from the left, the length at the end.
    private static byte[] ShortText(string text)
    {
        byte[] word = new byte[WordSize];
        word[^1] = (byte)Encoding.ASCII.GetBytes(text, word);
        return word;
    }

    private byte[] Immutable(string name, ulong chainId, EthereumAddress address, EthereumAddress identity) => name switch
    {
        "identity" => Word(identity),
        "_cachedThis" => Word(address),
        "_cachedChainId" => Word(chainId),
        "_cachedDomainSeparator" => new Eip712Domain { Name = domainName, Version = Version, ChainId = chainId, VerifyingContract = address }.Separator(),
        "_hashedName" => Keccak.Hash(Encoding.ASCII.GetBytes(domainName)),
        "_hashedVersion" => Keccak.Hash(Encoding.ASCII.GetBytes(Version)),
        "_name" => ShortText(domainName),
        "_version" => ShortText(Version),
        _ => throw new InvalidOperationException($"What {resource} keeps as '{name}' is not known."),
    };

    private Stream Open(string extension) => typeof(ContractCode).Assembly.GetManifestResourceStream(resource + extension)
        ?? throw new InvalidOperationException($"The code of {resource} is missing from this program.");
}
