using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sage.AotSmoke;

/// <summary>A node without a network: answers JSON-RPC with what the given function says, a JSON value.</summary>
internal sealed class ScriptedNode(Func<string, JsonElement, string> answer) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using JsonDocument asked = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        JsonElement root = asked.RootElement;
        string answered = answer(root.GetProperty("method").GetString()!, root.GetProperty("params"));
        string member = answered.StartsWith("{\"code\"", StringComparison.Ordinal) ? "error" : "result";
        StringContent content = new($$"""{"jsonrpc":"2.0","id":{{root.GetProperty("id").GetRawText()}},"{{member}}":{{answered}}}""");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request };
    }
}
