using Microsoft.AspNetCore.Authorization;

namespace Sage.AspNetCore;

/// <summary>
/// Asks the authorization middleware for a caller of one scheme. As <see cref="IAuthorizeData"/> it also makes the endpoint
/// fail where that middleware is missing.
/// </summary>
internal sealed class HttpSignatureAuthorization(string scheme) : IAuthorizeData, IAuthorizationRequirementData
{
    public string? Policy { get; set; }

    public string? Roles { get; set; }

    public string? AuthenticationSchemes { get; set; } = scheme;

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new HttpSignatureRequirement()];
}
