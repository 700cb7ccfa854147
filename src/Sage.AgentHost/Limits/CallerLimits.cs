using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Sage.Hosting;

namespace Sage.AgentHost;

/// <summary>What one remote address may ask for, and for how long one request may run.</summary>
internal static class CallerLimits
{
    private const int NetworkSize = 8;

    public static void AddCallerLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<Microsoft.AspNetCore.RateLimiting.RateLimiterOptions>().Configure<LoadedConfiguration>((limiter, loaded) =>
        {
            int permits = loaded.Options.Limits.RequestsPerSecondPerAddress;
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetFixedWindowLimiter(
                PartitionOf(context.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromSeconds(1) }));
        });
        builder.Services.AddRequestTimeouts(_ => { });
        builder.Services.AddOptions<Microsoft.AspNetCore.Http.Timeouts.RequestTimeoutOptions>().Configure<LoadedConfiguration>((timeouts, loaded) =>
            timeouts.DefaultPolicy = new() { Timeout = loaded.Options.Limits.RequestTimeout, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable });
    }

    // Whoever has one IPv6 address has a whole /64 of them.
    private static string PartitionOf(IPAddress? address) => address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
        ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkSize))
        : address?.MapToIPv4().ToString() ?? "";
}
