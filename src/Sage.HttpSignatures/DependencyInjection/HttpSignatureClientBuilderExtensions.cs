using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Has a named or typed <see cref="HttpClient"/> sign its requests and verify its responses (RFC 9421).</summary>
public static class HttpSignatureClientBuilderExtensions
{
    /// <summary>
    /// Signs every request of this client with a key of the <see cref="IKeyStore"/>, innermost whatever is added later, so that
    /// each retry is signed afresh. Sets <c>AllowAutoRedirect</c> of a primary handler of the framework to false, since a
    /// signature is for one target. The options are checked at start; the key is read at the first request.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets the options of this client.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddHttpMessageSigning(this IHttpClientBuilder builder, Action<HttpMessageSigningOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddSage();
        services.TryAddSingleton(provider => new StoredSigningKeys(provider.GetRequiredService<IKeyStore>()));
        services.TryAddSingleton(provider => new SigningClients(provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpMessageSigningOptions>, HttpMessageSigningOptionsValidator>());
        AddOptions(builder, configure);
        Clients(services).AddSigning(builder.Name);
        return builder;
    }

    /// <summary>
    /// Verifies every response to this client, right around the handler that signs, with the <see cref="HttpMessageVerifier"/>
    /// of the container. A response that does not count becomes a <see cref="SignatureException"/>;
    /// <see cref="HttpSigningExtensions.GetVerifiedSignature"/> says who signed one that does. The options are checked at start.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets the options of this client; <see cref="HttpVerifyingHandlerOptions.ExpectedSubject"/> above all.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddHttpMessageVerification(this IHttpClientBuilder builder, Action<HttpVerifyingHandlerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        HttpMessageVerifierRegistration.TryAdd(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpVerifyingHandlerOptions>, HttpVerifyingHandlerOptionsValidator>());
        AddOptions(builder, configure);
        Clients(services).AddVerifying(builder.Name);
        return builder;
    }

    private static void AddOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IHttpClientBuilder builder, Action<TOptions>? configure)
        where TOptions : class
    {
        // The builder of ConfigureHttpClientDefaults has no name: then it is for all.
        builder.Services.AddOptionsWithValidateOnStart<TOptions>(builder.Name ?? Options.Options.DefaultName);
        if (configure is not null)
        {
            builder.Services.AddSingleton<IConfigureOptions<TOptions>>(new ConfigureNamedOptions<TOptions>(builder.Name, configure));
        }
    }

    private static SignatureClients Clients(IServiceCollection services)
    {
        SignatureClients? known = services
            .Select(service => service.IsKeyedService ? null : service.ImplementationInstance).OfType<SignatureClients>().FirstOrDefault();
        if (known is not null)
        {
            return known;
        }

        SignatureClients clients = new();
        services.AddSingleton(clients);
        services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>, SignatureHandlers>();
        return clients;
    }
}
