using System.Globalization;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>An event as it is printed: a name and named values, as text or one JSON object.</summary>
internal sealed class RegistryEventLine
{
    private readonly EthereumDeployment deployment;
    private readonly EthereumLog log;
    private readonly UInt256 agentId;
    private readonly string name;
    private readonly List<(string Name, string Value, bool IsNumber)> values = [];

    private RegistryEventLine(EthereumDeployment deployment, EthereumLog log, UInt256 agentId, string name)
    {
        this.deployment = deployment;
        this.log = log;
        this.agentId = agentId;
        this.name = name;
    }

    public static RegistryEventLine Of(EthereumDeployment deployment, EthereumLog log, RegistryEvent change)
    {
        RegistryEventLine line = change switch
        {
            RegistryEvent.KeyAdded added => New("key_added")
                .Add("key_id", added.Key.KeyId.ToString())
                .Add("algorithm", ChainKeyType.ToAlgorithm(added.Key.Type)?.Name ?? "unknown")
                .Add("index", (ulong)added.Index),
            RegistryEvent.KeyRevoked revoked => New("key_revoked").Add("key_id", revoked.KeyId.ToString()),
            RegistryEvent.EpochStarted started => New("epoch_started").Add("owner", started.Owner.ToString()).Add("epoch", started.Epoch),
            RegistryEvent.ActiveSet set => New(set.IsActive ? "activated" : "deactivated"),
            RegistryEvent.Transfer { From.IsZero: true } transfer => New("registered").Add("owner", transfer.To.ToString()),
            RegistryEvent.Transfer transfer => New("transferred").Add("from", transfer.From.ToString()).Add("owner", transfer.To.ToString()),
            RegistryEvent.UriSet set => New("uri_set").Add("uri", OneLine(set.Uri)),
            _ => throw new InvalidOperationException($"The event {change.GetType().Name} has no line."),
        };
        return change is RegistryEvent.Versioned versioned ? line.Add("version", versioned.Version) : line;

        RegistryEventLine New(string name) => new(deployment, log, change.AgentId, name);
    }

    public string ToText()
    {
        string facts = string.Join(' ', values.Select(value => $"{value.Name}={value.Value}"));
        return string.Create(CultureInfo.InvariantCulture, $"block {log.BlockNumber}  agent {agentId}  {name}  {facts}").TrimEnd();
    }

    public string ToJson() => JsonText.Object(json =>
    {
        json.WriteString("event", name);
        json.WriteString("did", deployment.FormatDid(agentId).Value);
        json.WriteString("agent", agentId.ToString());
        foreach ((string label, string value, bool isNumber) in values)
        {
            json.WritePropertyName(label);
            if (isNumber)
            {
                json.WriteRawValue(value);
            }
            else
            {
                json.WriteStringValue(value);
            }
        }

        json.WriteNumber("block", log.BlockNumber);
        json.WriteString("transaction", log.TransactionHash.ToString());
        json.WriteNumber("log_index", log.LogIndex);
    });

    // A stranger wrote it: in a terminal it must stay one line that moves no cursor.
    private static string OneLine(string? text) =>
        string.Concat((text ?? "").Select(letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? '\uFFFD' : letter));

    private RegistryEventLine Add(string label, string value)
    {
        values.Add((label, value, false));
        return this;
    }

    private RegistryEventLine Add(string label, ulong value)
    {
        values.Add((label, value.ToString(CultureInfo.InvariantCulture), true));
        return this;
    }
}
