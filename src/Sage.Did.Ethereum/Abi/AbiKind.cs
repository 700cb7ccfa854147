namespace Sage.Did.Ethereum.Abi;

/// <summary>The kinds of types of the contract ABI.</summary>
internal enum AbiKind
{
    UInt,
    Int,
    Address,
    Bool,
    FixedBytes,
    Bytes,
    String,
    FixedArray,
    Array,
    Tuple,
}
