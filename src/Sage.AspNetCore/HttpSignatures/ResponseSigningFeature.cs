namespace Sage.AspNetCore;

/// <summary>Marks a request whose response will be signed.</summary>
internal sealed class ResponseSigningFeature
{
    private ResponseSigningFeature()
    {
    }

    public static ResponseSigningFeature Instance { get; } = new();
}
