using Sage.Did;

namespace Sage.Databases;

/// <summary>Puts the rows of a mirror, one per agent and term in the order of the agents, together to entries.</summary>
internal sealed class MirrorRows(Action<RegistryMirrorEntry> receive)
{
    private readonly List<string> terms = [];
    private string? current;
    private byte[] value = [];

    /// <summary>Whether the last row was of this agent, so that its value need not be read again.</summary>
    public bool IsAt(string did) => did == current;

    public void Add(string did, byte[]? newValue, string? term)
    {
        if (newValue is not null)
        {
            Finish();
            current = did;
            value = newValue;
        }

        if (term is not null)
        {
            terms.Add(term);
        }
    }

    /// <summary>Hands the last entry over.</summary>
    public void Finish()
    {
        if (current is not null)
        {
            receive(new RegistryMirrorEntry(AgentDid.Parse(current), value, [.. terms]));
            current = null;
            terms.Clear();
        }
    }
}
