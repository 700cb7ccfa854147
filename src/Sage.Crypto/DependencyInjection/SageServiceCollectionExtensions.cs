using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.Crypto;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what every Sage package builds on.</summary>
public static class SageServiceCollectionExtensions
{
    /// <summary>
    /// Adds the clock, <see cref="SageOptions"/> (validated at start), an in-memory <see cref="INonceStore"/> and the
    /// <see cref="IKeyStore"/> that the options refer to, each unless the application registered its own. Calling it again
    /// changes nothing, except that another configuration is bound too.
    /// </summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configuration">The section with <c>Did</c> and <c>KeyStore</c>, usually <c>Sage</c>.</param>
    /// <returns>The builder that the other packages extend.</returns>
    public static ISageBuilder AddSage(this IServiceCollection services, IConfiguration? configuration = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        SageRegistration registration = Find(services) ?? AddRegistration(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INonceStore>(static provider => new InMemoryNonceStore(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IKeyStore>(OpenKeyStore);
        if (configuration is not null && registration.TryBind(configuration))
        {
            services.AddOptions<SageOptions>().Bind(configuration);
        }

        return new SageBuilder(services);
    }

    /// <summary>
    /// Refers to an encrypted key store file in code; this wins over configuration. The file must exist when it is first
    /// used. Give exactly one place to read the passphrase from.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The path of the key store file.</param>
    /// <param name="passphraseFile">The path of a file that holds the passphrase.</param>
    /// <param name="passphraseVariable">The name of an environment variable that holds the passphrase.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddKeyStoreFile(
        this ISageBuilder builder, string path, string? passphraseFile = null, string? passphraseVariable = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        builder.Services.PostConfigure<SageOptions>(options =>
        {
            options.KeyStore.Path = path;
            options.KeyStore.PassphraseFile = passphraseFile;
            options.KeyStore.PassphraseVariable = passphraseVariable;
        });
        return builder;
    }

    private static SageRegistration? Find(IServiceCollection services) =>
        services.Select(service => service.IsKeyedService ? null : service.ImplementationInstance).OfType<SageRegistration>().FirstOrDefault();

    private static SageRegistration AddRegistration(IServiceCollection services)
    {
        SageRegistration registration = new();
        services.AddSingleton(registration);
        services.AddSingleton<IValidateOptions<SageOptions>, SageOptionsValidator>();
        services.AddOptionsWithValidateOnStart<SageOptions>();
        return registration;
    }

    private static ConfiguredKeyStore OpenKeyStore(IServiceProvider provider)
    {
        SageKeyStoreOptions options = provider.GetRequiredService<IOptions<SageOptions>>().Value.KeyStore;
        if (options.Path is null)
        {
            string key = provider.GetRequiredService<SageRegistration>().Key("KeyStore:Path");
            throw new InvalidOperationException(
                $"No key store is configured: set '{key}', call AddKeyStoreFile on the result of AddSage, or register an IKeyStore.");
        }

        ILogger? logger = provider.GetService<ILoggerFactory>()?.CreateLogger<EncryptedFileKeyStore>();
        return new ConfiguredKeyStore(options, provider.GetRequiredService<TimeProvider>(), logger);
    }
}
