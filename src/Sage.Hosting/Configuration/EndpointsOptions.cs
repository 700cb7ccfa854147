namespace Sage.Hosting;

/// <summary>Which endpoints that peers name may be called.</summary>
internal sealed class EndpointsOptions
{
    /// <summary>Whether addresses of this machine may be called. For development.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>Whether plain http may be used.</summary>
    public bool AllowHttp { get; set; }
}
