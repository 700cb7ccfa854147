namespace Sage.Benchmarks;

/// <summary>One way to do what its group measures.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Run">Does it once.</param>
internal sealed record Candidate(string Name, Action Run);
