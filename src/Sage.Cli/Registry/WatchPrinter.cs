using System.Globalization;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>Prints what <see cref="RegistryWatch"/> sees: events to the output, troubles with nodes to the error output, each once.</summary>
internal sealed class WatchPrinter(Terminal terminal, EthereumDeployment deployment, UInt256? agentId, bool asJson)
{
    public void Print(LogPage page)
    {
        if (page.RewoundTo is { } block)
        {
            terminal.Text.WriteLine(asJson
                ? JsonText.Object(json =>
                {
                    json.WriteString("event", "rewound");
                    json.WriteNumber("block", block);
                })
                : string.Create(CultureInfo.InvariantCulture, $"block {block}  rewound  what was printed of this block and later ones no longer counts"));
        }

        foreach (EthereumLog log in page.Logs)
        {
            if (RegistryEvents.TryRead(deployment, log) is not { } change)
            {
                terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sage: log {log.LogIndex} of block {log.BlockNumber} does not have the form of its event."));
            }
            else if (agentId is null || change.AgentId == agentId)
            {
                RegistryEventLine line = RegistryEventLine.Of(deployment, log, change);
                terminal.Text.WriteLine(asJson ? line.ToJson() : line.ToText());
            }
        }
    }

    public void Failed(EthereumRpcException failure, int before)
    {
        if (before == 0)
        {
            terminal.Error.WriteLine($"sage: {failure.Message} Trying again.");
        }
    }

    public void Answered(int failures)
    {
        if (failures > 0)
        {
            terminal.Error.WriteLine("sage: A node answers again; nothing is missed.");
        }
    }
}
