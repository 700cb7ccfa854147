using System.Security.Cryptography;
using System.Text;

namespace Sage.Hosting;

/// <summary>Secrets in environment variables: <c>env:PG_CONNECTION</c>. Other processes of the account can read them; a file is the better place.</summary>
internal sealed class EnvironmentSecretSource : ISecretSource
{
    public string Scheme => "env";

    public ValueTask<SecretValue> ReadAsync(string reference, CancellationToken cancellationToken = default)
    {
        string? text = Environment.GetEnvironmentVariable(reference);
        if (string.IsNullOrEmpty(text))
        {
            throw new SecretException(SecretError.NotFound, $"the environment variable '{reference}' is not set, or is empty: set it for this process.");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            return bytes.Length > SecretValue.MaxSize
                ? throw new SecretException(SecretError.InvalidSecret, $"the environment variable '{reference}' is longer than {SecretValue.MaxSize} bytes.")
                : ValueTask.FromResult(new SecretValue(bytes));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
