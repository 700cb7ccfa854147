using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Sage.Hosting;

namespace Sage.AgentHost;

/// <summary>Who the caller is behind proxies that are trusted to say so.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this WebApplication application)
    {
        List<string> proxies = application.Services.GetRequiredService<LoadedConfiguration>().Options.Limits.TrustedProxies;
        if (proxies.Count > 0)
        {
            application.UseForwardedHeaders(OptionsOf(proxies));
        }
    }

    private static ForwardedHeadersOptions OptionsOf(List<string> proxies)
    {
        // No limit: it goes back from hop to hop as long as the one that speaks is trusted.
        ForwardedHeadersOptions options = new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (string proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out IPAddress? address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }

        return options;
    }
}
