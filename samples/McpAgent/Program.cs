using McpAgent;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Sage.Did;
using Sage.HttpSignatures;

using Identity alice = new();
using Identity tools = new();
await using WebApplication server = await ToolServer.StartAsync(tools);
Uri endpoint = new(server.Urls.Single() + "/mcp");
Report report = new(Console.Out);
report.Line("alice", alice.Did.Value);
report.Line("tools", $"{tools.Did} at {endpoint}");

report.Heading("Alice signs every call, and believes only what the tools have signed");
using Wire wire = new();
using HttpClient http = SigningClient(wire, tools);
await using (McpClient client = await ConnectAsync(http))
{
    IList<McpClientTool> list = await client.ListToolsAsync();
    CallToolResult sum = await client.CallToolAsync("add", new Dictionary<string, object?> { ["a"] = 2, ["b"] = 3 });
    CallToolResult caller = await client.CallToolAsync("whoami");
    report.Check("tools", string.Join(", ", list.Select(tool => tool.Name).Order()), "add, whoami");
    report.Check("add 2 and 3", Text(sum), "5");
    report.Check("whoami", Text(caller), alice.Did.Value);
}

report.Heading("What must not work");
using HttpClient unsigned = new();
using HttpResponseMessage repeated = await wire.RepeatAsync(unsigned);
report.Check("the same again", repeated.StatusCode.ToString(), "Unauthorized");
report.Check("unsigned client", await FailureOfAsync(unsigned), "Unauthorized");
using HttpClient mistaken = SigningClient(new Wire(), alice);
report.Check("other answerer", await FailureOfAsync(mistaken), "WrongSigner");
return report.IsGood ? 0 : 1;

HttpClient SigningClient(Wire through, Identity expected)
{
    HttpMessageVerifier verifier = new(new AgentKeyResolver(new DidKeyResolver()));
    return new HttpClient(new HttpVerifyingHandler(verifier, new HttpVerifyingHandlerOptions { ExpectedSubject = expected.Did.Value })
    {
        InnerHandler = new HttpSigningHandler(alice.Signer) { InnerHandler = through },
    });
}

// The stream for what a server says unasked has no end, and so no digest to verify: this client does without it.
Task<McpClient> ConnectAsync(HttpClient through) => McpClient.CreateAsync(new HttpClientTransport(
    new HttpClientTransportOptions { Endpoint = endpoint, TransportMode = HttpTransportMode.StreamableHttp, EnableStandaloneGetStream = false }, through));

async Task<string?> FailureOfAsync(HttpClient through)
{
    try
    {
        await using McpClient client = await ConnectAsync(through);
        return "connected";
    }
    catch (SignatureException exception)
    {
        return exception.Error.ToString();
    }
    catch (HttpRequestException exception)
    {
        return exception.StatusCode.ToString();
    }
}

static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
