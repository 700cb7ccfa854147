namespace Sage.Did.Tests.Contracts;

/// <summary>How the contract fixture makes one kind of registry.</summary>
internal interface IRegistryFactory : IDisposable
{
    IAgentRegistry Create(params AgentRecord[] records);
}
