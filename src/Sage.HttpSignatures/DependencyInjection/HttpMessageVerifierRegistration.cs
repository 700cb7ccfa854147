using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>Registers the verifier that everything in a container shares.</summary>
internal static class HttpMessageVerifierRegistration
{
    /// <summary>Adds it and the client of key directories, each unless the application registered its own.</summary>
    public static void TryAdd(IServiceCollection services)
    {
        services.AddSage();
        services.TryAddSingleton(provider => new KeyDirectoryClient(
            timeProvider: provider.GetRequiredService<TimeProvider>(), logger: provider.GetService<ILoggerFactory>()?.CreateLogger<KeyDirectoryClient>()));
        services.TryAddSingleton(Create);
    }

    private static HttpMessageVerifier Create(IServiceProvider provider) => new(
        provider.GetService<IKeyResolver>() ?? throw new InvalidOperationException(
            "There is no IKeyResolver. You must call AddFileRegistry(…), AddDidKey() or another registry verb on the result of AddSage, or register one."),
        provider.GetRequiredService<INonceStore>(),
        new HttpMessageVerifierOptions
        {
            Name = provider.GetRequiredService<IOptions<SageOptions>>().Value.Did ?? "",
            KeyDirectories = provider.GetRequiredService<KeyDirectoryClient>(),
        },
        provider.GetRequiredService<TimeProvider>(),
        provider.GetService<ILogger<HttpMessageVerifier>>(),
        provider.GetService<IMeterFactory>());
}
