using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sage.Hosting;

/// <summary>
/// Secrets in the key-value engine, version 2, of a HashiCorp Vault, over its HTTP API: <c>vault:secret/data/sage#pg</c> is the member
/// <c>pg</c> of the secret <c>sage</c> in the mount <c>secret</c>.
/// </summary>
/// <remarks>A secret is read once, so nothing is renewed. No redirect is followed: a token would go along.</remarks>
internal sealed class VaultSecretSource(VaultConnection connection) : ISecretSource
{
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/");

    public string Scheme => "vault";

    public async ValueTask<SecretValue> ReadAsync(string reference, CancellationToken cancellationToken = default)
    {
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        if (hash < 1 || hash == reference.Length - 1 || !IsPath(reference.AsSpan(0, hash)))
        {
            throw new SecretException(SecretError.InvalidReference, "a reference to Vault has the form vault:mount/data/name#member, for example vault:secret/data/sage#pg.");
        }

        string path = reference[..hash];
        byte[] answer = await connection.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            return Member(answer, path, reference[(hash + 1)..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(answer);
        }
    }

    // The path goes into the URL as it is, so it must be plain, and must not climb out of /v1/.
    private static bool IsPath(ReadOnlySpan<char> path)
    {
        foreach (Range part in path.Split('/'))
        {
            if (path[part] is "" or "." or "..")
            {
                return false;
            }
        }

        return !path.ContainsAnyExcept(PathCharacters);
    }

    private static SecretValue Member(byte[] answer, string path, string member)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("data", out JsonElement outer)
                || outer.ValueKind != JsonValueKind.Object || !outer.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Object)
            {
                throw new SecretException(SecretError.InvalidSecret, $"what Vault has at '{path}' is not of its key-value engine, version 2; its paths have 'data' behind the mount.");
            }

            if (!data.TryGetProperty(member, out JsonElement value))
            {
                throw new SecretException(SecretError.NotFound, $"the secret '{path}' in Vault has no member '{member}'.");
            }

            return Text(value) ?? throw new SecretException(
                SecretError.InvalidSecret, $"the member '{member}' of the secret '{path}' in Vault must be a text of 1 to {SecretValue.MaxSize} bytes.");
        }
        catch (JsonException)
        {
            // Its message may quote the text.
            throw new SecretException(SecretError.Unavailable, $"the answer of Vault about '{path}' is not JSON: is '{OptionName.Section}:Vault:Address' right?");
        }
    }

    private static SecretValue? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        byte[] bytes = [];
        try
        {
            bytes = Encoding.UTF8.GetBytes(value.GetString()!);
            return bytes.Length is 0 or > SecretValue.MaxSize ? null : new SecretValue(bytes);
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate is no text.
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
