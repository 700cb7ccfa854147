using Microsoft.Extensions.DependencyInjection;

namespace Sage.Hosting;

/// <summary>Registers where sessions and nonces are kept. What is in memory, the verbs for sessions and signatures register themselves.</summary>
internal sealed class StoreComposition(ISageBuilder sage, SageHostOptions options, SecretReader secrets)
{
    public void Compose()
    {
        _ = options.Store.Kind switch
        {
            StoreKind.Memory => sage,
            _ => secrets.Refuse<ISageBuilder>("Sage:Store:Kind", $"{options.Store.Kind} is not part of this build."),
        };
        NonceStoreKind nonces = options.Nonces.EffectiveKind(options.Store);
        _ = nonces switch
        {
            NonceStoreKind.Memory => sage,
            _ => secrets.Refuse<ISageBuilder>("Sage:Nonces:Kind", $"{nonces} is not part of this build."),
        };
    }
}
