namespace Sage.Did.Ethereum;

/// <summary>Finds the block in which a contract was made.</summary>
internal static class FirstBlockSearch
{
    /// <summary>Halves the blocks until one is left: at most 65 questions.</summary>
    /// <param name="client">The node; it must keep the state of old blocks.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="last">A block in which it is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException">The node failed, or does not keep that state.</exception>
    public static async ValueTask<ulong> FindAsync(EthereumClient client, EthereumAddress contract, ulong last, CancellationToken cancellationToken)
    {
        ulong first = 0;
        while (first < last)
        {
            ulong middle = first + ((last - first) / 2);
            try
            {
                bool isThere = !(await client.GetCodeAsync(contract, middle, cancellationToken).ConfigureAwait(false)).IsEmpty;
                (first, last) = isThere ? (first, middle) : (middle + 1, last);
            }
            catch (EthereumRpcException e) when (e.Error == EthereumRpcError.Node)
            {
                throw new EthereumRpcException(EthereumRpcError.UnknownBlock, $"The node does not keep the state of block {middle}; set {nameof(RegistryMirrorOptions.FirstBlock)}.", e);
            }
        }

        return last;
    }
}
