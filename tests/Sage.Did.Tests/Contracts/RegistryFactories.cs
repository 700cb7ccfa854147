using System.Text;

namespace Sage.Did.Tests.Contracts;

internal sealed class InMemoryRegistryFactory : IRegistryFactory
{
    public IAgentRegistry Create(params AgentRecord[] records) => new InMemoryAgentRegistry(records);

    public void Dispose()
    {
    }
}

internal sealed class FileRegistryFactory : IRegistryFactory
{
    private readonly TemporaryFolder folder = new();
    private int count;

    public IAgentRegistry Create(params AgentRecord[] records)
    {
        string path = folder.File($"agents-{count++}.json");
        if (records.Length > 0)
        {
            File.WriteAllText(path, FileOf(records));
        }

        return new FileAgentRegistry(path);
    }

    public void Dispose() => folder.Dispose();

    public static string FileOf(params AgentRecord[] records) =>
        $"{{\"records\":[{string.Join(',', records.Select(record => Encoding.UTF8.GetString(record.ToJson())))}]}}";
}
