namespace Sage.Did.Ethereum;

/// <summary>A mirror cannot be had as it is configured; trying again does not help.</summary>
internal sealed class MirrorRefusedException(string reason) : Exception(reason);
