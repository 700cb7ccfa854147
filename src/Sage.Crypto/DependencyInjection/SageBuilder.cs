using Microsoft.Extensions.DependencyInjection;

namespace Sage.Crypto;

internal sealed class SageBuilder(IServiceCollection services) : ISageBuilder
{
    public IServiceCollection Services { get; } = services;
}
