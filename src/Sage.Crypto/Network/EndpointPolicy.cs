using System.Net;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// Which endpoints that somebody else names may be called. Without an option: https only, and only addresses of the public internet, checked on the
/// resolved address at the moment of connecting, so that a name cannot be pointed at the inside of a network.
/// </summary>
public sealed class EndpointPolicy
{
    /// <summary>https on public addresses.</summary>
    public static EndpointPolicy Public { get; } = new();

    /// <summary>Allows loopback addresses too (tests, samples, agents of one machine).</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Allows plain http too. Whoever is on the way sees who asks whom, and can answer in place of the endpoint; a session is encrypted and its peer proven all the same.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Whether a base URL may be called: an absolute https (or http) URL without user information, query and fragment.</summary>
    /// <param name="baseUrl">The endpoint.</param>
    public bool Allows(Uri baseUrl)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        return baseUrl.IsAbsoluteUri
            && (baseUrl.Scheme == Uri.UriSchemeHttps || (AllowHttp && baseUrl.Scheme == Uri.UriSchemeHttp))
            && baseUrl.UserInfo.Length == 0
            && baseUrl.Query.Length == 0
            && baseUrl.Fragment.Length == 0
            && (!IPAddress.TryParse(baseUrl.DnsSafeHost, out IPAddress? literal) || Allows(literal));
    }

    /// <summary>Whether a connection to an address may be made.</summary>
    /// <param name="address">The resolved address.</param>
    public bool Allows(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return AddressRules.IsLoopback(address) ? AllowLoopback : AddressRules.IsPublic(address);
    }
}
