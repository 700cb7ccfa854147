namespace Sage.Cli;

/// <summary>One thing that was looked at on the chain.</summary>
/// <param name="Name">What, as scripts know it.</param>
/// <param name="IsGood">Whether it is as it must be.</param>
/// <param name="Detail">What was found.</param>
internal sealed record DeploymentFinding(string Name, bool IsGood, string Detail);
