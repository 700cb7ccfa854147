using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>
/// Calls a URL with requests signed under a policy, one connection for all, and takes only answers that are signed under it
/// for exactly the request that was sent.
/// </summary>
internal sealed class SignedCaller : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient client;
    private readonly HttpMessageSigner signer;
    private readonly HttpMessageVerifier verifier;
    private readonly SignaturePolicy policy;

    public SignedCaller(ISigner key, string keyId, IDidResolver registry, SignaturePolicy policy)
    {
        this.policy = policy;
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, MaxConnectionsPerServer = 1, ConnectTimeout = Patience };
        client = new HttpClient(handler) { Timeout = Patience };
        signer = new HttpMessageSigner(key, keyId, policy);
        verifier = new HttpMessageVerifier(new AgentKeyResolver(registry));
    }

    /// <summary>Sends a request and verifies the answer.</summary>
    /// <exception cref="CommandException">The answer is no success, or its signature does not count.</exception>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public async Task<SignedAnswer> CallAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await signer.SignRequestAsync(request, cancellationToken: cancellationToken);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw CommandException.Refused($"The peer answered {(int)response.StatusCode}.");
        }

        SignatureContext answer = SignatureContext.ForResponse(response);
        SignatureVerificationResult result = await verifier.VerifyAsync(answer, policy, cancellationToken);
        if (!result.IsValid)
        {
            throw CommandException.Refused($"The answer does not verify: {result.Error}{(result.Detail is { } detail ? $" ({detail})" : "")}.");
        }

        // Covered by its digest, and so read and bounded before.
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new SignedAnswer((int)response.StatusCode, result.Signature, body);
    }

    public void Dispose() => client.Dispose();
}
