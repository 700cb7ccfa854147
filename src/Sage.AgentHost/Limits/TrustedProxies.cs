using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Sage.Hosting;

namespace Sage.AgentHost;

/// <summary>Who the caller is behind proxies that are trusted to say so.</summary>
internal static class TrustedProxies
{
    private const string TrustEverybody = "ForwardedHeaders_Enabled";

    /// <summary>ASP.NET Core has a switch of its own, which believes everybody.</summary>
    /// <exception cref="OptionsValidationException">It is on.</exception>
    public static void RefuseToTrustEverybody(this WebApplicationBuilder builder)
    {
        if (string.Equals(builder.Configuration[TrustEverybody], "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new OptionsValidationException(
                TrustEverybody, typeof(ForwardedHeadersOptions),
                ["'ASPNETCORE_FORWARDEDHEADERS_ENABLED' believes everybody who the caller is: remove it, and name the proxies from 'Sage:Limits:TrustedProxies:0'."]);
        }
    }

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
