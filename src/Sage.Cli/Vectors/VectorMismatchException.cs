namespace Sage.Cli;

/// <summary>Why a vector does not pass, in one line.</summary>
internal sealed class VectorMismatchException(string message) : Exception(message.ReplaceLineEndings(@"\n"));
