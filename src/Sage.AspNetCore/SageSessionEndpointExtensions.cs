using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.AspNetCore;
using Sage.Session;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the session endpoint of an agent.</summary>
public static class SageSessionEndpointExtensions
{
    /// <summary>
    /// Answers session envelopes at a path (SAGE profile P1 §8.4) with the listener of the service provider, which
    /// <c>services.AddSage(…).AddSessions(…)</c> registers.
    /// </summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="pattern">The path; peers post to <c>/messages</c> below the agent's base URL.</param>
    /// <param name="handler">Answers each decrypted message.</param>
    /// <returns>A builder for conventions on the endpoint.</returns>
    /// <exception cref="InvalidOperationException">There is no listener, or it has no accept rule; the message says what to call.</exception>
    public static IEndpointConventionBuilder MapSageSessions(this IEndpointRouteBuilder endpoints, string pattern, SessionHandler handler)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SessionListener listener = endpoints.ServiceProvider.GetService<SessionListener>()
            ?? throw new InvalidOperationException("There is no SessionListener. You must call services.AddSage(…).AddSessions(…) before MapSageSessions.");
        return endpoints.MapSageSessions(pattern, listener, handler);
    }

    /// <summary>Answers session envelopes at a path (SAGE profile P1 §8.4) with a listener made by the caller.</summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="pattern">The path; peers post to <c>/messages</c> below the agent's base URL.</param>
    /// <param name="listener">The listener; the caller disposes it.</param>
    /// <param name="handler">Answers each decrypted message.</param>
    /// <returns>A builder for conventions on the endpoint.</returns>
    public static IEndpointConventionBuilder MapSageSessions(this IEndpointRouteBuilder endpoints, string pattern, SessionListener listener, SessionHandler handler)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(handler);
        ILogger logger = endpoints.ServiceProvider.GetService<ILoggerFactory>()?.CreateLogger<SessionEndpoint>() ?? (ILogger)NullLogger.Instance;
        RequestDelegate endpoint = new SessionEndpoint(listener, handler, logger).HandleAsync;
        return endpoints.Map(pattern, endpoint).WithDisplayName("Sage sessions");
    }
}
