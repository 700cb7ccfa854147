namespace Sage.Fuzz;

/// <summary>What a target does with one input; the form SharpFuzz calls.</summary>
internal delegate void FuzzAction(ReadOnlySpan<byte> input);

/// <summary>One parser and its oracle.</summary>
/// <param name="Name">The name on the command line and of the corpus folder.</param>
/// <param name="Oracle">What must hold for every input, in a few words.</param>
/// <param name="Run">Throws <see cref="OracleException"/> when it does not; any other exception is a finding too.</param>
/// <param name="Dictionary">Pieces of the format that the mutator puts in.</param>
internal sealed record FuzzTarget(string Name, string Oracle, FuzzAction Run, params string[] Dictionary)
{
    public override string ToString() => Name;
}
