using System.Net;
using Sage.AspNetCore;

namespace McpAgent;

/// <summary>An MCP server on loopback that answers signed calls only, and signs its answers.</summary>
internal static class ToolServer
{
    public static async Task<WebApplication> StartAsync(Identity self)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSage().AddDidKey();
        builder.Services.AddSingleton(self.Signer);
        builder.Services.AddAuthentication(HttpSignatureDefaults.AuthenticationScheme).AddHttpSignature();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddMcpServer().WithHttpTransport().WithTools<AgentTools>();

        WebApplication app = builder.Build();
        app.UseHttpMessageSigning();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapMcp("/mcp").RequireHttpSignature().SignHttpResponse();
        await app.StartAsync();
        return app;
    }
}
