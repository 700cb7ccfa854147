using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>What the handlers of a named client share: the factory makes new ones every few minutes.</summary>
internal sealed class SigningClients(IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, OriginMemory> origins = new();
    private readonly ConcurrentDictionary<string, HttpMessageSigner> signers = new();

    public HttpSigningHandler CreateHandler(string name)
    {
        HttpMessageSigningOptions options = OptionsOf(name);
        return new HttpSigningHandler(
            cancellationToken => GetSignerAsync(name, cancellationToken),
            new HttpSigningHandlerOptions { Mode = options.Mode, AnswerChallenges = options.AnswerChallenges },
            origins.GetOrAdd(name, static _ => new OriginMemory()));
    }

    // At the first request and not when the client is made: the factory would keep a failure for good, and block while a store opens.
    private async ValueTask<HttpMessageSigner> GetSignerAsync(string name, CancellationToken cancellationToken)
    {
        if (signers.TryGetValue(name, out HttpMessageSigner? known))
        {
            return known;
        }

        HttpMessageSigningOptions options = OptionsOf(name);
        ISigner signer = options.Signer
            ?? await services.GetRequiredService<StoredSigningKeys>().GetAsync(options.KeyName, cancellationToken).ConfigureAwait(false);
        return signers.GetOrAdd(name, new HttpMessageSigner(
            signer,
            options.UsesThumbprint ? signer.PublicKey.Thumbprint : options.KeyIdOf(services.GetRequiredService<IOptions<SageOptions>>().Value.Did)!,
            options.Policy,
            new HttpMessageSignerOptions
            {
                Digest = options.Digest,
                SignatureAgent = options.SignatureAgent,
                SignatureAgentForm = options.SignatureAgentForm,
            },
            services.GetRequiredService<TimeProvider>(),
            services.GetService<IMeterFactory>()));
    }

    private HttpMessageSigningOptions OptionsOf(string name) => services.GetRequiredService<IOptionsMonitor<HttpMessageSigningOptions>>().Get(name);
}
