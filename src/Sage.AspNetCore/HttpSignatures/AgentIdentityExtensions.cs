using Microsoft.AspNetCore.Http;

namespace Sage.AspNetCore;

/// <summary>Reads who signed a request.</summary>
public static class AgentIdentityExtensions
{
    /// <summary>Who signed the request, as far as authentication found out: call it behind <c>UseAuthentication</c>.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The signer, or <see langword="null"/> if no signature was verified.</returns>
    public static AgentIdentity? GetAgentIdentity(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return AgentIdentity.Of(context);
    }
}
