namespace Sage.Did.Ethereum.Abi;

/// <summary>Why a call was reverted, as its revert data tell.</summary>
/// <param name="Selector">The first four bytes as hex without prefix; empty without data.</param>
/// <param name="Error">The error's signature, or null if it is not a known one.</param>
/// <param name="Arguments">The arguments of a known error.</param>
/// <param name="Message">One line of bounded length for people; what a contract says in it is not to be trusted.</param>
internal sealed record RevertReason(string Selector, AbiSignature? Error, IReadOnlyList<AbiValue> Arguments, string Message)
{
    public override string ToString() => Message;
}
