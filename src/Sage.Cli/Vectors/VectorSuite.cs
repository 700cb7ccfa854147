namespace Sage.Cli;

/// <summary>The checks of one vector file, by the name of the vector.</summary>
/// <param name="Name">The <c>suite</c> member of the file.</param>
/// <param name="Checks">Each throws <see cref="VectorMismatchException"/> unless the vector passes.</param>
internal sealed record VectorSuite(string Name, IReadOnlyDictionary<string, Action<VectorCase>> Checks);
