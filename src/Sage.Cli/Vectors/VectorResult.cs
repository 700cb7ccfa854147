namespace Sage.Cli;

/// <summary>What became of one vector.</summary>
/// <param name="File">The file name.</param>
/// <param name="Name">The name of the vector; null if the file itself could not be used.</param>
/// <param name="Problem">Null if the vector passed, else why not.</param>
internal sealed record VectorResult(string File, string? Name, string? Problem);
