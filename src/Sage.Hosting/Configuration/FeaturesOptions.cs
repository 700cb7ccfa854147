namespace Sage.Hosting;

/// <summary>What can be switched while the host runs.</summary>
internal sealed class FeaturesOptions
{
    /// <summary>Whether every handshake must carry a cookie.</summary>
    public bool RequireCookie { get; set; }

    /// <summary>Whether responses are signed where the endpoint asks for it.</summary>
    public bool ResponseSigning { get; set; } = true;

    /// <summary>Whether the endpoints of Web Bot Auth answer, the key directory above all.</summary>
    public bool WebBotAuth { get; set; }

    /// <summary>Whether the documentation of the API is served.</summary>
    public bool ApiDocs { get; set; }
}
