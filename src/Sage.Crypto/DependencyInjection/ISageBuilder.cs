namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What <c>AddSage</c> returns: every Sage package adds its verbs to it as extension methods.</summary>
public interface ISageBuilder
{
    /// <summary>The services being configured.</summary>
    IServiceCollection Services { get; }
}
