using Sage.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Makes endpoints part of a feature.</summary>
public static class SageFeatureEndpointExtensions
{
    /// <summary>The endpoints exist only while a feature is on: it is asked for every request, and off means not found.</summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The endpoint or group of endpoints.</param>
    /// <param name="feature">One of the names of <see cref="SageFeatures"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no such feature.</exception>
    public static TBuilder RequireSageFeature<TBuilder>(this TBuilder builder, string feature)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!SageFeatures.All.Contains(feature))
        {
            throw new ArgumentException($"There is no such feature; there are {string.Join(", ", SageFeatures.All)}.", nameof(feature));
        }

        builder.Add(endpoint => endpoint.Metadata.Add(new FeatureMetadata(feature)));
        return builder;
    }
}
