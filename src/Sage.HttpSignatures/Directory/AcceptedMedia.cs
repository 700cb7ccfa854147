using System.Net.Http.Headers;

namespace Sage.HttpSignatures;

/// <summary>The media types that a kind of document may have.</summary>
internal sealed class AcceptedMedia
{
    private const string Json = "application/json";

    private readonly string[] types;
    private readonly string? suffix;

    private AcceptedMedia(string[] types, string? suffix = null)
    {
        this.types = types;
        this.suffix = suffix;
        Header = string.Join(", ", types);
    }

    /// <summary>A directory at its well-known path has its own type and no other.</summary>
    public static AcceptedMedia Directory { get; } = new([KeyDirectory.MediaType]);

    public static AcceptedMedia KeySet { get; } = new([KeyDirectory.MediaType, "application/jwk-set+json", Json]);

    public static AcceptedMedia ClientMetadata { get; } = new([Json], "+json");

    /// <summary>The value of Accept.</summary>
    public string Header { get; }

    public bool Includes(MediaTypeHeaderValue? media) => media?.MediaType is { } type
        && (types.Contains(type, StringComparer.OrdinalIgnoreCase)
            || (suffix is not null && type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && type.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)));
}
