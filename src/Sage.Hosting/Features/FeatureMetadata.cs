namespace Sage.Hosting;

/// <summary>The feature that an endpoint is part of.</summary>
internal sealed record FeatureMetadata(string Feature);
