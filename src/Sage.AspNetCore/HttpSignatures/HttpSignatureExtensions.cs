using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    /// Adds the scheme, and authorization with it. It verifies with the <see cref="HttpMessageVerifier"/> of the container, which
    /// is added unless the application registered its own: with the <see cref="IKeyResolver"/> that
    /// <c>AddSage().AddFileRegistry(…)</c> or another verb registers, the <see cref="INonceStore"/> (in memory unless another is
    /// registered), and the DID of this agent as its name. A missing <see cref="IKeyResolver"/> stops the start.
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
        HttpMessageVerifierRegistration.TryAdd(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, VerifierAtStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpSignatureOptions>, HttpSignatureOptionsValidator>());
        services.AddOptions<HttpSignatureOptions>(authenticationScheme).ValidateOnStart();
        services.AddAuthorization();
        return builder.AddScheme<HttpSignatureOptions, HttpSignatureHandler>(authenticationScheme, configureOptions);
    }
}
