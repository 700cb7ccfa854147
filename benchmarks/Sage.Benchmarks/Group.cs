namespace Sage.Benchmarks;

/// <summary>Candidates measured against each other in one run; the first is the floor the others are compared with.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Candidates">The floor and what stands on it.</param>
internal sealed record Group(string Name, params Candidate[] Candidates) : IDisposable
{
    /// <summary>What the candidates hold on to.</summary>
    public IDisposable? Owner { get; init; }

    public void Dispose() => Owner?.Dispose();
}
