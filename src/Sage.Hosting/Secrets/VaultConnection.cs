using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Sage.Hosting;

/// <summary>Speaks the HTTP API of a Vault, version 1: logs in where it must, and reads. Nothing that it throws holds a token or a secret.</summary>
/// <param name="options">Where and how.</param>
/// <param name="credentials">Reads the token or the secret id; without Vault itself.</param>
internal sealed class VaultConnection(VaultOptions options, SecretSources credentials) : IDisposable
{
    // A secret may be 64 KiB, its JSON escapes several times that.
    private const int MaxAnswerSize = 512 * 1024;

    private readonly HttpClient client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.Timeout,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        },
        disposeHandler: true)
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Reads what is at a path.</summary>
    /// <exception cref="SecretException">It cannot be had.</exception>
    public async ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        string token = await TokenAsync(cancellationToken).ConfigureAwait(false);
        return await SendAsync(HttpMethod.Get, path, token, null, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => client.Dispose();

    private async ValueTask<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (options.Token is { } token)
        {
            return await CredentialAsync(token, "Token", cancellationToken).ConfigureAwait(false);
        }

        string secretId = await CredentialAsync(options.SecretId!, "SecretId", cancellationToken).ConfigureAwait(false);
        byte[] login = VaultLogin.Write(options.RoleId!, secretId);
        byte[] answer = [];
        try
        {
            answer = await SendAsync(HttpMethod.Post, "auth/approle/login", null, login, cancellationToken).ConfigureAwait(false);
            return VaultLogin.ReadToken(answer);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(login);
            CryptographicOperations.ZeroMemory(answer);
        }
    }

    private async ValueTask<string> CredentialAsync(string reference, string setting, CancellationToken cancellationToken)
    {
        using SecretValue credential = await credentials
            .ReadAsync(SecretReference.TryParse(reference, out SecretReference? parsed) ? parsed : throw Invalid(setting), cancellationToken).ConfigureAwait(false);
        string text = credential.Reveal();

        // A header field takes no more; what is longer or stranger is no token.
        return text.Length <= 4096 && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? text
            : throw new SecretException(SecretError.InvalidSecret, $"what '{OptionName.Section}:Vault:{setting}' refers to is not printable ASCII without spaces.");
    }

    private async ValueTask<byte[]> SendAsync(HttpMethod method, string path, string? token, byte[]? body, CancellationToken cancellationToken)
    {
        string host = options.Address!.Authority;
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(options.Timeout);
        try
        {
            using HttpRequestMessage request = new(method, $"{options.Address.AbsoluteUri.TrimEnd('/')}/v1/{path}");
            AddHeaders(request, token);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, giveUp.Token).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK
                ? await ReadAnswerAsync(response, giveUp.Token).ConfigureAwait(false)
                : throw VaultStatus.Refusal((int)response.StatusCode, host, path);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SecretException(SecretError.Unavailable, $"Vault at {host} did not answer in {options.Timeout}.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new SecretException(SecretError.Unavailable, $"Vault at {host} cannot be reached, or broke off: see '{OptionName.Section}:Vault:Address' and its certificate.", exception);
        }
    }

    private void AddHeaders(HttpRequestMessage request, string? token)
    {
        // Vault refuses requests without this where it guards against forged ones.
        request.Headers.Add("X-Vault-Request", "true");
        if (options.Namespace is { } name)
        {
            request.Headers.Add("X-Vault-Namespace", name);
        }

        if (token is not null)
        {
            request.Headers.Add("X-Vault-Token", token);
        }
    }

    private static async ValueTask<byte[]> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[MaxAnswerSize + 1];
        try
        {
            int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return length <= MaxAnswerSize
                ? buffer[..length]
                : throw new SecretException(SecretError.InvalidSecret, $"the answer of Vault is larger than {MaxAnswerSize} bytes.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private static SecretException Invalid(string setting) =>
        new(SecretError.InvalidReference, $"'{OptionName.Section}:Vault:{setting}' must be a reference with file: or env:.");
}
