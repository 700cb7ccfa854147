using Sage.Hosting;

namespace Sage.AgentHost;

/// <summary>Puts the program together.</summary>
internal static class HostProgram
{
    public static async Task<WebApplication> BuildAsync(WebApplicationBuilder builder)
    {
        builder.RefuseToTrustEverybody();
        await EphemeralAgent.AddIfNeededAsync(builder);
        builder.AddSageHost();
        builder.Services.AddProblemDetails();
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton<ShutdownGate>().AddHostedService(provider => provider.GetRequiredService<ShutdownGate>());
        builder.Services.AddHealthChecks().AddSage().AddCheck<ShutdownGate>("accepting requests");
        builder.AddCallerLimits();
        builder.AddSessionApplication();
        builder.AddApiDocument();

        WebApplication application = builder.Build();
        SageFeatures features = application.Services.GetRequiredService<SageFeatures>();
        application.UseTrustedProxies();
        application.UseMiddleware<RequestLog>();
        application.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        application.UseStatusCodePages();
        application.UseRouting();
        application.UseRateLimiter();
        application.UseRequestTimeouts();
        application.UseHttpMessageSigning(_ => features.IsEnabled(SageFeatures.ResponseSigning));
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapSessions();
        application.MapAgents();
        application.MapSigned();
        application.MapSageHealth().DisableRateLimiting();
        application.MapSageMetrics();
        application.MapApiDocument();
        return application;
    }
}
