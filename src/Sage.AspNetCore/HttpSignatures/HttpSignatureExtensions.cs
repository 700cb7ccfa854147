using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.AspNetCore;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the authentication scheme for HTTP message signatures (RFC 9421).</summary>
public static class HttpSignatureExtensions
{
    /// <summary>Adds the scheme under its default name, <see cref="HttpSignatureDefaults.AuthenticationScheme"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddHttpSignature(this AuthenticationBuilder builder) =>
        builder.AddHttpSignature(HttpSignatureDefaults.AuthenticationScheme, null);

    /// <summary>Adds the scheme under its default name, <see cref="HttpSignatureDefaults.AuthenticationScheme"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configureOptions">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddHttpSignature(this AuthenticationBuilder builder, Action<HttpSignatureOptions> configureOptions) =>
        builder.AddHttpSignature(HttpSignatureDefaults.AuthenticationScheme, configureOptions);

    /// <summary>
    /// Adds the scheme. It verifies with the <see cref="HttpMessageVerifier"/> of the application, which is made here unless it
    /// is registered: of the <see cref="IKeyResolver"/> that <c>AddSage().AddFileRegistry(…)</c> or another verb registers, and
    /// of the <see cref="INonceStore"/> and the <see cref="TimeProvider"/> of the application, or else one in memory and the
    /// system's clock. Authorization is added too.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="configureOptions">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddHttpSignature(this AuthenticationBuilder builder, string authenticationScheme, Action<HttpSignatureOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INonceStore>(static provider => new InMemoryNonceStore(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(static provider => new KeyDirectoryClient(
            timeProvider: provider.GetRequiredService<TimeProvider>(), logger: provider.GetService<ILogger<KeyDirectoryClient>>()));
        services.TryAddSingleton(CreateVerifier);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, VerifierAtStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpSignatureOptions>, HttpSignatureOptionsValidator>());
        services.AddOptions<HttpSignatureOptions>(authenticationScheme).ValidateOnStart();
        services.AddAuthorization();
        return builder.AddScheme<HttpSignatureOptions, HttpSignatureHandler>(authenticationScheme, configureOptions);
    }

    private static HttpMessageVerifier CreateVerifier(IServiceProvider provider)
    {
        IKeyResolver keys = provider.GetService<IKeyResolver>() ?? throw new InvalidOperationException(
            "There is no IKeyResolver to find the keys of callers. You must call AddFileRegistry(…), AddDidKey() or another verb on the result of AddSage, or register one.");

        // The name keeps apart the nonces of agents that share a store.
        HttpMessageVerifierOptions options = new()
        {
            Name = provider.GetService<IOptions<SageOptions>>()?.Value.Did ?? "",
            KeyDirectories = provider.GetRequiredService<KeyDirectoryClient>(),
        };
        return new HttpMessageVerifier(
            keys,
            provider.GetRequiredService<INonceStore>(),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<HttpMessageVerifier>>(),
            provider.GetService<IMeterFactory>());
    }
}
