namespace Sage.Benchmarks;

/// <summary>Candidates measured against each other in one run; the first ones are the floor the others are compared with.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Candidates">The floor and what stands on it.</param>
internal sealed record Group(string Name, params Candidate[] Candidates) : IDisposable
{
    /// <summary>How many of the first candidates are floors, the fastest of which counts; 0 when there is nothing to compare.</summary>
    public int FloorCount { get; init; } = 1;

    /// <summary>What the candidates hold on to.</summary>
    public IDisposable? Owner { get; init; }

    public void Dispose() => Owner?.Dispose();
}
