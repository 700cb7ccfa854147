using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what signs and verifies HTTP messages.</summary>
public static class SageHttpSignatureBuilderExtensions
{
    /// <summary>
    /// Adds the <see cref="HttpMessageSigner"/> of this agent, which signs responses, unless the application registered its own.
    /// The key is taken from the store when it is first needed, which blocks that thread while the passphrase is stretched, and
    /// disposed with the container.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="keyName">The name of the signing key in the <see cref="IKeyStore"/>.</param>
    /// <param name="policy">What signatures look like; <see cref="SignaturePolicy.Default"/> when not given.</param>
    /// <param name="keyId">What verifiers find the key by; the DID of this agent when not given.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddHttpMessageSigner(
        this ISageBuilder builder, string keyName = "signing", SignaturePolicy? policy = null, string? keyId = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(keyName);
        builder.Services.TryAddSingleton(provider => new StoredSigningKeys(provider.GetRequiredService<IKeyStore>()));
        builder.Services.TryAddSingleton(provider => CreateSigner(provider, keyName, policy, keyId));
        return builder;
    }

    /// <summary>
    /// Adds the <see cref="HttpMessageVerifier"/>, unless the application registered its own: with the <see cref="IKeyResolver"/>
    /// that a registry verb adds, the <see cref="INonceStore"/>, the DID of this agent as its name, and a
    /// <see cref="KeyDirectoryClient"/>, which only policies that take keys from directories use.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddHttpMessageVerifier(this ISageBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        HttpMessageVerifierRegistration.TryAdd(builder.Services);
        return builder;
    }

    private static HttpMessageSigner CreateSigner(IServiceProvider provider, string keyName, SignaturePolicy? policy, string? keyId)
    {
        keyId ??= provider.GetRequiredService<IOptions<SageOptions>>().Value.Did ?? throw new InvalidOperationException(
            $"There is no key id to sign with: set '{provider.GetRequiredService<SageRegistration>().Key("Did")}' to the DID of this agent, or give AddHttpMessageSigner a keyId.");

        // A container's factories are synchronous; this runs once.
        KeySigner signer = provider.GetRequiredService<StoredSigningKeys>().GetAsync(keyName, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return new HttpMessageSigner(
            signer, keyId, policy, timeProvider: provider.GetRequiredService<TimeProvider>(), meterFactory: provider.GetService<IMeterFactory>());
    }
}
