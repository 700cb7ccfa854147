using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sage.AspNetCore;

/// <summary>
/// The request was verified under the policy of its endpoint. It is not when authentication ran before routing, for then no
/// endpoint was known; the nonce is used up, so that verifying again is no way out.
/// </summary>
internal sealed class HttpSignatureRequirement : AuthorizationHandler<HttpSignatureRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, HttpSignatureRequirement requirement)
    {
        if (context.Resource is not HttpContext http || http.GetEndpoint()?.Metadata.GetMetadata<HttpSignatureMetadata>() is not { } metadata)
        {
            return Task.CompletedTask;
        }

        IHttpSignatureFeature? verified = http.Features.Get<IHttpSignatureFeature>();
        if (verified is null || verified.Scheme != metadata.Scheme)
        {
            return Task.CompletedTask;
        }

        if (metadata.Policy is null || ReferenceEquals(metadata.Policy, verified.Policy))
        {
            context.Succeed(requirement);
            return Task.CompletedTask;
        }

        Log.WrongPolicy(http.RequestServices.GetRequiredService<ILogger<HttpSignatureHandler>>(), metadata.Policy.Name, verified.Policy.Name);
        return Task.CompletedTask;
    }
}
