using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>Makes the verifier when the application starts, so that what is missing is said then and not to the first caller.</summary>
internal sealed class VerifierAtStart : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.ApplicationServices.GetRequiredService<HttpMessageVerifier>();
        next(application);
    };
}
