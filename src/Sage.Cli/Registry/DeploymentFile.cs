using System.Text;
using System.Text.Json;
using Sage.Crypto.Internal;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>What <c>sage registry deploy</c> writes down: where a deployment is. Nothing in it is secret.</summary>
/// <param name="Deployment">Chain and addresses.</param>
/// <param name="Block">The first block that can hold anything of it; 0 if that is not known.</param>
internal sealed record DeploymentFile(EthereumDeployment Deployment, ulong Block)
{
    private const int MaximumSize = 64 * 1024;

    public byte[] ToJson() => Encoding.UTF8.GetBytes(JsonText.Indent(Encoding.UTF8.GetBytes(JsonText.Object(WriteTo))) + "\n");

    public void WriteTo(Utf8JsonWriter members)
    {
        members.WriteNumber("chainId", Deployment.ChainId);
        members.WriteString("identity", Deployment.IdentityRegistry.ToString());
        members.WriteString("keyRegistry", Deployment.KeyRegistry.ToString());
        members.WriteNumber("block", Block);
    }

    /// <exception cref="CommandException">The file does not describe a deployment.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<DeploymentFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        byte[]? content = await AtomicFile.ReadAsync(path, MaximumSize, cancellationToken);
        if (content is not null && StrictJson.TryParse(content, MaximumSize, out JsonDocument? document))
        {
            using (document)
            {
                if (Read(document.RootElement) is { } file)
                {
                    return file;
                }
            }
        }

        throw CommandException.Refused($"'{path}' does not describe a deployment.");
    }

    private static DeploymentFile? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !TryNumber(root, "chainId", out ulong chainId) || chainId == 0
            || !TryAddress(root, "identity", out EthereumAddress identity)
            || !TryAddress(root, "keyRegistry", out EthereumAddress keys)
            || identity == keys
            || !TryNumber(root, "block", out ulong block))
        {
            return null;
        }

        return new DeploymentFile(new EthereumDeployment(chainId, identity, keys), block);
    }

    private static bool TryNumber(JsonElement root, string name, out ulong value)
    {
        value = 0;
        return root.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Number && member.TryGetUInt64(out value);
    }

    private static bool TryAddress(JsonElement root, string name, out EthereumAddress value)
    {
        value = default;
        return root.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String
            && EthereumAddress.TryParse(member.GetString(), out value) && !value.IsZero;
    }
}
