using System.Text;
using System.Text.Json;
using Sage.Crypto.Internal;
using Sage.Did;

namespace Sage.Cli;

/// <summary>What <c>agent.json</c> holds: which agent lives in a home. Nothing in it is secret.</summary>
internal sealed record AgentProfile(AgentDid Did, string Name, string Endpoint)
{
    private const int MaximumSize = 64 * 1024;

    public byte[] ToJson() => Encoding.UTF8.GetBytes(JsonText.Object(WriteTo) + "\n");

    public void WriteTo(Utf8JsonWriter members)
    {
        members.WriteString("did", Did.Value);
        members.WriteString("name", Name);
        members.WriteString("endpoint", Endpoint);
    }

    /// <exception cref="CommandException">The file is not the profile of an agent.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<AgentProfile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        byte[]? content = await AtomicFile.ReadAsync(path, MaximumSize, cancellationToken);
        if (content is not null && StrictJson.TryParse(content, MaximumSize, out JsonDocument? document))
        {
            using (document)
            {
                if (document.RootElement is { ValueKind: JsonValueKind.Object } root
                    && AgentDid.TryParse(Text(root, "did"), out AgentDid did)
                    && Text(root, "name") is { } name
                    && Text(root, "endpoint") is { } endpoint
                    && BaseUrl.TryParse(endpoint, out _))
                {
                    return new AgentProfile(did, name, endpoint);
                }
            }
        }

        throw CommandException.Refused($"'{path}' is not the profile of an agent.");
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
