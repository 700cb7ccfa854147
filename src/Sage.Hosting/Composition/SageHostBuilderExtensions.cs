using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.Hosting;
using Sage.Session;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Composes a whole host from its configuration.</summary>
public static class SageHostBuilderExtensions
{
    /// <summary>
    /// Registers everything that the section <c>Sage</c> of the configuration asks for: key store, agent, registries, sessions, signatures,
    /// stores, limits and feature switches. What the application registered before (an <see cref="IKeyStore"/>, a <see cref="LocalAgent"/>)
    /// stays. Secrets are read now, and nothing may be added to the configuration later but what replaces values while the host runs.
    /// </summary>
    /// <param name="builder">The builder of the host.</param>
    /// <param name="secretSources">Further places that secrets are read from; one with the scheme of a built-in one replaces it.</param>
    /// <returns>The builder that other packages extend.</returns>
    /// <exception cref="OptionsValidationException">
    /// The configuration is wrong. <see cref="OptionsValidationException.Failures"/> has everything that is, each with its key and what to do;
    /// none repeats a value or a secret.
    /// </exception>
    public static ISageBuilder AddSageHost(this IHostApplicationBuilder builder, params IEnumerable<ISecretSource> secretSources)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(secretSources);
        ISecretSource[] others = [.. secretSources];
        List<string> readable = [];
        ISecretSource[] local = [new FileSecretSource(readable.Add), new EnvironmentSecretSource(), .. others];
        IConfigurationSection section = builder.Configuration.GetSection(OptionName.Section);
        HostSurroundings surroundings = new(
            builder.Environment.IsDevelopment(),
            builder.Services.Any(service => service.ServiceType == typeof(IKeyStore)),
            builder.Services.Any(service => service.ServiceType == typeof(LocalAgent)),
            new SecretSchemes([.. local.Select(source => source.Scheme), .. section["Vault:Address"] is null ? Array.Empty<string>() : ["vault"]]));
        SageHostOptions options = HostConfiguration.Read(section, surroundings);

        List<string> problems = [];
        using VaultConnection? vault = options.Vault.Address is null ? null : new VaultConnection(options.Vault, new SecretSources(local));
        SecretSources sources = new(vault is null ? local : [.. local[..2], new VaultSecretSource(vault), .. others]);
        ISageBuilder sage = new HostComposition(
            builder.Services, new LoadedConfiguration(section, options, surroundings, readable), new SecretReader(sources, problems)).Compose();
        return problems.Count == 0
            ? sage
            : throw new OptionsValidationException(OptionName.Section, typeof(SageHostOptions), problems);
    }
}
