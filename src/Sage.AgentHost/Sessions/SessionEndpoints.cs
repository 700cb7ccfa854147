using Sage.Hosting;
using Sage.Session;

namespace Sage.AgentHost;

/// <summary>Sessions of other agents with this one; what they say goes to the application behind, or back to them.</summary>
internal static class SessionEndpoints
{
    public const string Path = "/messages";

    public static void AddSessionApplication(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton(provider => new SessionApplication(
            provider.GetRequiredService<LoadedConfiguration>().Options.Application, provider.GetRequiredService<ILogger<SessionApplication>>()));

    public static void MapSessions(this WebApplication application)
    {
        SessionHandler handler = application.Services.GetRequiredService<SessionApplication>().AnswerAsync;
        application.MapSageSessions(Path, handler);
    }
}
