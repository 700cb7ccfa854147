using System.Security.Cryptography;
using System.Text;

namespace Sage.Did.Ethereum;

/// <summary>
/// A sum over entries that does not depend on their order: a lost, old or damaged one changes it. It is no protection against whoever
/// writes the store on purpose.
/// </summary>
internal sealed class MirrorSum
{
    private readonly byte[] sum = new byte[EthereumHash.Size];

    public EthereumHash Value => EthereumHash.FromBytes(sum);

    /// <summary>Adds an entry, or takes one away that is in it.</summary>
    public void Toggle(AgentDid did, ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using IncrementalHash hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hasher.AppendData(Encoding.ASCII.GetBytes(did.Value));
        hasher.AppendData([0]);
        hasher.AppendData(value);
        hasher.GetHashAndReset(hash);
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] ^= hash[i];
        }
    }
}
