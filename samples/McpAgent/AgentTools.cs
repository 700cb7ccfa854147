using System.ComponentModel;
using ModelContextProtocol.Server;
using Sage.AspNetCore;

namespace McpAgent;

/// <summary>What the server offers.</summary>
[McpServerToolType]
internal sealed class AgentTools(IHttpContextAccessor http)
{
    [McpServerTool(Name = "add"), Description("Adds two numbers.")]
    public static int Add(int a, int b) => a + b;

    [McpServerTool(Name = "whoami"), Description("Says who calls, as the signature of the call proves.")]
    public string WhoAmI() => http.HttpContext!.GetAgentIdentity()!.Subject;
}
